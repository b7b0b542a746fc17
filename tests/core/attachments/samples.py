"""Files made for the tests: each carries the marker where a reader of the picture or the page does not see it."""

import zlib
from collections.abc import AsyncIterator, Sequence
from io import BytesIO

from PIL import Image, PngImagePlugin

MARKER = b"MARKER-31.2304N-121.4737E"
RED, BLUE = (200, 30, 30), (30, 30, 200)
ORIENTATION, GPS, MAKE, COMMENT = 0x0112, 0x8825, 0x010F, 0x9286


async def pieces(data: bytes, size: int = 10_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def two_halves(width: int = 60, height: int = 40) -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture


def jpeg(orientation: int = 1, picture: Image.Image | None = None) -> bytes:
    """A photograph with position, maker, comment, colour profile and a second comment."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKE] = MARKER.decode()
    exif.get_ifd(GPS)[29] = MARKER.decode()
    exif.get_ifd(GPS)[2] = (31.0, 13.0, 49.0)
    target = BytesIO()
    (picture or two_halves()).save(target, "JPEG", exif=exif, comment=MARKER, icc_profile=MARKER, quality=95)
    return target.getvalue() + MARKER


def png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", MARKER.decode())
    notes.add_itxt("XML:com.adobe.xmp", MARKER.decode())
    target = BytesIO()
    two_halves().save(target, "PNG", pnginfo=notes, exif=b"Exif\0\0" + MARKER)
    return target.getvalue() + MARKER


def transparent_png() -> bytes:
    target = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(target, "PNG")
    return target.getvalue()


def webp() -> bytes:
    target = BytesIO()
    two_halves().save(target, "WEBP", exif=b"Exif\0\0" + MARKER, xmp=MARKER, lossless=True)
    return target.getvalue()


def gif() -> bytes:
    """Two frames, of which only the first is red and blue."""
    target = BytesIO()
    second = Image.new("RGB", (60, 40), (0, 255, 0))
    two_halves().save(target, "GIF", save_all=True, append_images=[second], comment=MARKER, loop=0)
    return target.getvalue()


def png_bomb(side: int = 30_000) -> bytes:
    """A few hundred kilobytes that unpack to ``side`` times ``side`` pixels."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = side.to_bytes(4, "big") * 2 + b"\x01\x00\x00\x00\x00"
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in chunks
    )


def pdf(pages: int = 1, box: str = "0 0 300 200", trailer: bytes = b"") -> bytes:
    """Pages with a red block, a script that runs on opening, a link, hidden text and an author."""
    drawing = b"1 0 0 rg 30 30 100 100 re f BT /F1 12 Tf 3 Tr 10 10 Td (" + MARKER + b") Tj ET"
    script = b"<< /S /JavaScript /JS (app.alert\\('" + MARKER + b"'\\)) >>"
    kids = " ".join(f"{6 + n} 0 R" for n in range(pages)).encode()
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [" + box.encode() + b"] /Contents 5 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> "
        b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 50 50] /A << /S /URI /URI (http://"
        + MARKER
        + b") >> >>] >>"
    )
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 3 0 R >>",
        b"<< /Type /Pages /Count " + str(pages).encode() + b" /Kids [" + kids + b"] >>",
        script,
        b"<< /Author (" + MARKER + b") /Title (" + MARKER + b") >>",
        b"<< /Length " + str(len(drawing)).encode() + b" >>\nstream\n" + drawing + b"\nendstream",
        *[page] * pages,
    ]
    return _assemble(bodies, trailer)


def chinese_pdf() -> bytes:
    """A page of Chinese words in a font that the document names and does not bring."""
    words = "关于某单位的举报".encode("utf-16-be").hex().encode()
    drawing = b"BT /F1 24 Tf 20 100 Td <" + words + b"> Tj ET"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [6 0 R] >>",
        b"<< >>",
        b"<< >>",
        b"<< /Length " + str(len(drawing)).encode() + b" >>\nstream\n" + drawing + b"\nendstream",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 5 0 R "
            b"/Resources << /Font << /F1 7 0 R >> >> >>"
        ),
        (
            b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H /Encoding /UniGB-UCS2-H "
            b"/DescendantFonts [8 0 R] >>"
        ),
        (
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 9 0 R "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
        ),
        (
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
            b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
        ),
    ]
    return _assemble(bodies, b"")


def locked_pdf() -> bytes:
    """A document that asks for a password."""
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"5a" * 32 + b"> /U <" + b"a5" * 32 + b"> >> "
    return pdf(trailer=lock + b"/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] ")


def _assemble(bodies: Sequence[bytes], trailer: bytes) -> bytes:
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(data))
        data += str(number).encode() + b" 0 obj\n" + body + b"\nendobj\n"
    size = str(len(bodies) + 1).encode()
    table = b"xref\n0 " + size + b"\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size " + size + b" /Root 1 0 R /Info 4 0 R " + trailer + b">>\nstartxref\n"
    return data + table + end + str(len(data)).encode() + b"\n%%EOF\n"
