"""The child that makes a clean copy: a script by itself, which imports nothing of the house.

It reads the original from standard input and answers on standard output: one line, the media type of the copy or the
reason why there is none, and then the copy. Before it reads a byte it gives up every right: it can open no file and no
socket and start no process, its folder does not exist, and where it was root it is nobody.
"""

import copy as copying
import os
import resource
import sys
import tempfile
import warnings
from contextlib import suppress
from io import BytesIO

import pypdfium2
import pypdfium2.raw
from PIL import Image, ImageColor, ImageOps, ImagePalette, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin

# what Pillow imports when a picture calls for it, at a time when nothing can be opened any more
_LATE = (copying, ImageColor, ImagePalette, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_PDF = b"%PDF-"
_DOTS = 150 / 72  # a point of a page is 1/72 inch; 150 dots per inch read well on a screen
_PAGE_PIXELS = 16_000_000
_QUALITY = 85
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
        locked = error.err_code in {pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY}
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


def rehearse() -> None:
    """Clean blank pictures and a blank page, so that whatever the libraries load at first use is loaded."""
    for kind in _FORMATS:
        clean(_encode(Image.new("RGB", (8, 8)), kind), pixels=64, pages=1)
    blank, target = pypdfium2.PdfDocument.new(), BytesIO()
    blank.new_page(8, 8).close()
    blank.save(target)
    clean(target.getvalue(), pixels=64, pages=1)


def confine(memory: int, seconds: int) -> None:
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


def main() -> None:
    """Confine this process, then read, clean and answer."""
    memory, seconds, pixels, pages = (int(argument) for argument in sys.argv[1:])
    warnings.simplefilter("ignore")  # the size of a picture is checked by hand
    rehearse()
    confine(memory, seconds)
    try:
        media_type, copy = clean(sys.stdin.buffer.read(), pixels, pages)
    except CannotError as reason:
        media_type, copy = str(reason), b""
    sys.stdout.buffer.write(f"{media_type}\n".encode() + copy)


if __name__ == "__main__":
    main()
