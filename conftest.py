"""The Python examples of the README and of ``docs/`` run as tests."""

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["README.md", "README.zh-CN.md", "docs/**/*.md"],
).pytest()
