"""``python -m jingshi`` is ``jingshi``; the supervisor starts its processes so."""

from jingshi.cli import main

main()
