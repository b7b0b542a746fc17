"""What a log may hold of a fault: its class, its code and its place, and nothing that anybody wrote."""

from logging import Logger
from pathlib import Path
from traceback import walk_tb

from core.errors import JingshiError


def log_fault(log: Logger, error: BaseException) -> None:
    """Log an error as ``Class code module:line``: what was said, by whom and from where is left out."""
    code = error.code if isinstance(error, JingshiError) else "-"
    frames = [(Path(frame.f_code.co_filename).stem, line) for frame, line in walk_tb(error.__traceback__)]
    module, line = frames[-1] if frames else ("unknown", 0)
    log.error("%s %s %s:%s", type(error).__name__, code, module, line)
