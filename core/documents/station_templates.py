"""The template of the uniform record book of a station (S85): whose and of which quarter, the entries, who signed."""

from functools import cache

from core.documents import layout
from core.documents.layout import add
from core.documents.templates import each, each_section, saved, sign


@cache
def record_book() -> bytes:
    """Return the template of a record book; it is the same for every station and quarter."""
    document = layout.blank()
    add(document, "{{ title }}", layout.TITLE)
    add(document, "{%p for line in particulars %}", layout.ADDRESSEE)
    label = add(document, "", layout.ADDRESSEE).add_run("{{ line.label }}")
    layout.set_type(label, layout.BLACK)
    document.paragraphs[-1].add_run("{{ line.names }}")
    add(document, "{%p endfor %}", layout.ADDRESSEE)
    each_section(document)
    each(document, "closing", layout.TEXT)
    document.paragraphs[-2].paragraph_format.keep_with_next = True  # no page bears a signature alone (7.3.5)
    sign(document)
    return saved(document)
