"""The child that makes a clean copy: a script by itself, which imports nothing of the house.

It reads the original from standard input and answers on standard output: one line, the media type of the copy or the
reason why there is none, and then the copy. Before it reads a byte it gives up every right: it can open no file and no
socket and start no process, its folder does not exist, and where it was root it is nobody.
"""

import copy as copying
import ctypes
import os
import resource
import sys
import tempfile
import warnings
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import pypdfium2
from PIL import Image, ImageColor, ImageOps, ImagePalette, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin
from pypdfium2 import raw as pdfium

# what Pillow imports when a picture calls for it, at a time when nothing can be opened any more
_LATE = (copying, ImageColor, ImagePalette, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_PDF = b"%PDF-"
_DOTS = 150 / 72  # a point of a page is 1/72 inch; 150 dots per inch read well on a screen
_PAGE_PIXELS = 16_000_000
_QUALITY = 85
# Chinese documents often name a font without bringing it; file, and the face in it that is for simplified Chinese
_FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0),
)
_EAST_ASIAN = frozenset(
    {
        pdfium.FXFONT_GB2312_CHARSET,
        pdfium.FXFONT_CHINESEBIG5_CHARSET,
        pdfium.FXFONT_SHIFTJIS_CHARSET,
        pdfium.FXFONT_HANGEUL_CHARSET,
    }
)
_COLLECTION = int.from_bytes(b"ttcf", "big")
_NOBODY = 65534
_STANDARD_STREAMS = 3


class CannotError(Exception):
    """There is no clean copy; the argument is the reason."""


def clean(original: bytes, pixels: int, pages: int) -> tuple[str, bytes]:
    """Return the media type and the bytes of a copy; raise `CannotError` with a reason.

    ``pixels`` bounds a picture's area, ``pages`` a document's length.
    """
    try:
        return clean_document(original, pages) if original.startswith(_PDF) else clean_picture(original, pixels)
    except (MemoryError, Image.DecompressionBombError) as error:
        raise CannotError("too_big") from error
    except CannotError:
        raise
    except Exception as error:  # a damaged file makes parsers raise anything
        raise CannotError("damaged") from error


def clean_picture(original: bytes, pixels: int) -> tuple[str, bytes]:
    """Return the first frame, upright, in a file made from its pixels alone: PNG if it came as such, else JPEG."""
    with Image.open(BytesIO(original), formats=_FORMATS) as picture:
        if picture.width * picture.height > pixels:
            raise CannotError("too_big")
        picture.load()
        as_png = picture.format in {"PNG", "GIF"} or picture.has_transparency_data
        mode = "RGBA" if picture.has_transparency_data else "RGB"
        _turn_upright(picture)
        bare = Image.new(mode, picture.size)
        bare.paste(picture if picture.mode == mode else picture.convert(mode))
    return ("image/png", _encode(bare, "PNG")) if as_png else ("image/jpeg", _encode(bare, "JPEG"))


def _turn_upright(picture: Image.Image) -> None:
    try:
        ImageOps.exif_transpose(picture, in_place=True)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001, S110 - a damaged note on the orientation raises anything; the picture stays as it is
        pass


def clean_document(original: bytes, pages: int) -> tuple[str, bytes]:
    """Return a document of pictures of the pages, with their sizes; scripts, links, text and metadata stay behind."""
    document = _open_document(original)
    if len(document) > pages:
        raise CannotError("too_big")
    document.init_forms()  # what people filled in is part of what they sent
    copy = pypdfium2.PdfDocument.new()
    for page in document:
        _add_picture(copy, _draw(page), *page.get_size())
        page.close()
    target = BytesIO()
    copy.save(target)
    return "application/pdf", target.getvalue()


def _open_document(original: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(original)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        raise CannotError("encrypted" if locked else "damaged") from error


def _draw(page: pypdfium2.PdfPage) -> bytes:
    width, height = page.get_size()
    scale = min(_DOTS, (_PAGE_PIXELS / (width * height)) ** 0.5)
    return _encode(page.render(scale=scale).to_pil().convert("RGB"), "JPEG")


def _add_picture(copy: pypdfium2.PdfDocument, jpeg: bytes, width: float, height: float) -> None:
    picture = pypdfium2.PdfImage.new(copy)
    picture.load_jpeg(BytesIO(jpeg), inline=True)
    picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    page = copy.new_page(width, height)
    page.insert_obj(picture)
    page.gen_content()
    page.close()


def _encode(picture: Image.Image, kind: str) -> bytes:
    target = BytesIO()
    picture.save(target, kind, quality=_QUALITY)
    return target.getvalue()


class SpareFont:  # pragma: no cover - used in the child only, where nothing can be measured
    """One Chinese font in memory, lent to pages whose own font is not in the document.

    PDFium would otherwise look for fonts in files, which it can no longer open, and draw nothing at all.
    """

    def __init__(self, data: bytes, face: int) -> None:
        place = 12 + 4 * face
        is_collection = data.startswith(b"ttcf")
        start = int.from_bytes(data[place : place + 4], "big") if is_collection else 0
        self._tables = {0: data[start:], _COLLECTION: data if is_collection else b""}
        kinds = dict(pdfium.FPDF_SYSFONTINFO._fields_)
        self._info = pdfium.FPDF_SYSFONTINFO(
            version=1, MapFont=kinds["MapFont"](self._map), GetFontData=kinds["GetFontData"](self._give)
        )

    @classmethod
    def first_of(cls, fonts: Sequence[tuple[str, int]]) -> Self | None:
        """Return the first of these fonts that is installed."""
        for name, face in fonts:
            with suppress(OSError):
                return cls(Path(name).read_bytes(), face)
        return None

    def lend(self) -> None:
        """Let PDFium use this font, and no file, from now on."""
        pdfium.FPDF_SetSystemFontInfo(ctypes.pointer(self._info))

    def _map(
        self, _info: object, _weight: int, _italic: int, charset: int, _pitch: int, _face: object, _exact: object
    ) -> int | None:
        return 1 if charset in _EAST_ASIAN else None

    def _give(self, _info: object, _font: object, table: int, buffer: Any, size: int) -> int:  # noqa: ANN401 - a pointer of ctypes
        data = self._tables.get(table, b"")
        if buffer:
            ctypes.memmove(buffer, data, min(size, len(data)))
        return len(data)


def rehearse() -> None:
    """Clean blank pictures and a blank page, so that whatever the libraries load at first use is loaded."""
    for kind in _FORMATS:
        clean(_encode(Image.new("RGB", (8, 8)), kind), pixels=64, pages=1)
    blank, target = pypdfium2.PdfDocument.new(), BytesIO()
    blank.new_page(8, 8).close()
    blank.save(target)
    clean(target.getvalue(), pixels=64, pages=1)


def confine(memory: int, seconds: int) -> None:  # pragma: no cover - as above
    """Give up every right that reading and writing the open pipes does not need; there is no way back.

    ``memory`` is bytes of address space, ``seconds`` is processor time.
    """
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    os.rmdir(folder)  # noqa: PTH106 - nothing can be made in a folder that is gone
    if os.geteuid() == 0:
        with suppress(PermissionError):  # a root without capabilities has none to give up
            os.chroot(".")
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    for what, most in (
        (resource.RLIMIT_NOFILE, _STANDARD_STREAMS),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:  # pragma: no cover - as above
    """Confine this process, then read, clean and answer."""
    memory, seconds, pixels, pages = (int(argument) for argument in sys.argv[1:])
    warnings.simplefilter("ignore")  # the size of a picture is checked by hand
    spare = SpareFont.first_of(_FONTS)
    if spare is not None:
        spare.lend()
    rehearse()
    confine(memory, seconds)
    try:
        media_type, copy = clean(sys.stdin.buffer.read(), pixels, pages)
    except CannotError as reason:
        media_type, copy = str(reason), b""
    sys.stdout.buffer.write(f"{media_type}\n".encode() + copy)


if __name__ == "__main__":  # pragma: no cover - as above
    main()
