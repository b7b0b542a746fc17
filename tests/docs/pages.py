"""The written pages of the project, and what the tests look for in them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = tuple(sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]))

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
_TABLE_LINE = re.compile(r"^\|(.+)\|$", re.MULTILINE)


def named(page: Path) -> str:
    """Return the page's path from the root as test ids show it; a dash would set off the name of a database in it."""
    return page.relative_to(ROOT).as_posix().replace("-", "_")


def prose(text: str) -> str:
    """Return the text without its fenced blocks."""
    return _FENCED.sub("", text)


def links(text: str) -> list[str]:
    """Return the targets of the links, pictures left out."""
    return [target for picture, target in _LINK.findall(prose(text)) if not picture]


def pictures(text: str) -> list[str]:
    """Return the targets of the pictures."""
    return [target for picture, target in _LINK.findall(prose(text)) if picture]


def commands(text: str) -> list[str]:
    """Return everything that a reader may type: the lines of shell blocks, and code within a sentence."""
    blocks = [block for language, block in _FENCED.findall(text) if language in {"sh", "bash", "console"}]
    lines = [line.removeprefix("$ ") for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line.partition(" # ")[0].strip() for line in [*lines, *_SPAN.findall(prose(text))]]


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings, made as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def table(text: str, header: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of the one table with this header, cells by the name of their column."""
    lines = [tuple(cell.strip() for cell in line.split("|")) for line in _TABLE_LINE.findall(text)]
    start = lines.index(header) + 2
    rows = []
    for cells in lines[start:]:
        if len(cells) != len(header):
            break
        rows.append(dict(zip(header, (cell.strip("`") for cell in cells), strict=True)))
    return rows
