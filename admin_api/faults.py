"""Faults in the log: class, code and place, and nothing of what was said, by whom or from where."""

import logging
from pathlib import Path
from traceback import walk_tb

from core.errors import JingshiError

_log = logging.getLogger("jingshi.desk")


def log_fault(error: BaseException) -> None:
    """Log an error as ``Class code module:line``; its message and arguments are left out."""
    code = error.code if isinstance(error, JingshiError) else "-"
    _log.error("%s %s %s", type(error).__name__, code, _place(error))


def _place(error: BaseException) -> str:
    frames = [(Path(frame.f_code.co_filename).stem, line) for frame, line in walk_tb(error.__traceback__)]
    module, line = frames[-1] if frames else ("unknown", 0)
    return f"{module}:{line}"
