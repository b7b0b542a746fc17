"""What all pages share in one process: the core, the form, the vault, the throttle, the templates."""

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bots.forms import Forms, record_form
from bots.texts import SHARED
from bots.throttle import Throttle
from core.app import App, attachments, registry
from core.errors import Unavailable
from core.texts import Translate, translator
from core.work import Reporter, System

HERE: Final = Path(__file__).parent
CHANNEL: Final = "web"
REPORTER: Final = Reporter()
WATCH: Final = System("web")
_STATIC_TYPES: Final = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


def _statics() -> Mapping[str, tuple[str, bytes]]:
    files = sorted((HERE / "static").iterdir())
    return {path.name: (_STATIC_TYPES[path.suffix], path.read_bytes()) for path in files}


STATICS: Final = _statics()
"""The media type and the bytes of each static file, by its name."""

_VERSIONS: Final = {name: hashlib.sha256(body).hexdigest()[:12] for name, (_, body) in STATICS.items()}


def _static_address(name: str) -> str:
    """Return the address of a static file; it changes with the content, so that the file may be cached for good."""
    return f"/static/{name}?v={_VERSIONS[name]}"


def _dialled(phone: str) -> str:
    """Return a telephone number as a link dials it (RFC 3966): digits alone, without an extension."""
    number, *_ = re.split(r"转|ext", phone)
    return re.sub(r"[^0-9+]", "", number)


_templates: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_templates.globals["static"] = _static_address
_templates.filters["tel"] = _dialled


class Site:
    """Everything that is made once for a core."""

    def __init__(self, core: App) -> None:
        self.core = core
        self.forms = Forms()
        record_form()  # slow to read: not while somebody waits for a page
        self.vault = attachments.Vault(core.settings.attachments, core.policy.bytes("attachment_size"), core.clock)
        window = timedelta(minutes=core.policy.minutes("receipt_tries_window"))
        self.throttle = Throttle(core.clock, tries=core.policy.count("receipt_tries"), window=window)

    def template(self, name: str) -> Template:
        """Return a compiled template."""
        return _templates.get_template(f"{name}.html")

    async def installation(self) -> registry.Installation | None:
        """Return whose home this is, or ``None`` as long as the database cannot be asked."""
        try:
            return await self.core.installation()
        except Unavailable:
            return None


@cache
def texts(language: str) -> Translate:
    """Return the translation of our catalogues into ``language``."""
    return translator(language, (HERE / "locale", SHARED))
