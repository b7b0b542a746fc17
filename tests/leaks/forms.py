"""The shapes in which a piece of text may lie on a disk."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote_from_bytes

SHORTEST = 10
"""Bytes; what is shorter turns up among random bytes by itself."""

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "gb18030")


def forms_of(content: str | bytes) -> Mapping[str, bytes]:
    """Return every shape of a text, or of bytes, by the name of the shape. Letters of either case count as the same."""
    plain = content.encode() if isinstance(content, str) else content
    if len(plain) < SHORTEST:
        raise ValueError("a marker is too short")
    found = {"plain": plain, **dict(_of_bytes(plain))}
    if isinstance(content, str):
        found |= {name: content.encode(name) for name in _ENCODINGS}
        found |= dict(_of_text(content))
    return {name: form for name, form in found.items() if len(form) >= SHORTEST}


def _of_bytes(plain: bytes) -> Iterator[tuple[str, bytes]]:
    yield "hex", plain.hex().encode()
    yield "percent", quote_from_bytes(plain, safe="").encode()
    yield "percent, every byte", "".join(f"%{byte:02x}" for byte in plain).encode()
    yield "repr", repr(plain)[2:-1].encode()
    yield "octal", b"".join(b"\\%03o" % byte for byte in plain)
    for before in range(3):
        yield f"base64 + {before}", _base64(plain, before, b64encode)
        yield f"base64url + {before}", _base64(plain, before, urlsafe_b64encode)


def _of_text(text: str) -> Iterator[tuple[str, bytes]]:
    yield "escapes", text.encode("ascii", "backslashreplace")
    yield "references", text.encode("ascii", "xmlcharrefreplace")
    yield "hexadecimal references", "".join(f"&#x{ord(letter):x};" for letter in text).encode()
    yield "misread", text.encode().decode("latin-1").encode()
    yield "hex of gb18030", text.encode("gb18030").hex().encode()


def _base64(plain: bytes, before: int, encode: Callable[[bytes], bytes]) -> bytes:
    """Return the characters that stand for ``plain`` alone when ``before`` other bytes precede it."""
    coded = encode(bytes(before) + plain)
    first = (before * 8 + 5) // 6  # characters that hold a bit of what comes before
    last = (before + len(plain)) * 8 // 6  # and from here on, of what comes after
    return coded[first:last]
