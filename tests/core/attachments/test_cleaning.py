"""Clean copies: what is seen stays, what is hidden goes, and nothing that a file does reaches the house."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from core.attachments import Bounds, Reason, StoredFile, Vault, clean_child, make_clean_copy, read, store
from core.attachments.clean_child import CannotError, clean
from core.errors import Forged
from tests.core.attachments import samples
from tests.core.attachments.samples import BLUE, MARKER, RED, pieces

PIXELS, PAGES = 64_000_000, 200
HIDES = (samples.jpeg, samples.png, samples.webp, samples.gif, samples.pdf)
EXTENSIONS = {samples.jpeg: "jpg", samples.png: "png", samples.webp: "webp", samples.gif: "gif", samples.pdf: "pdf"}


def is_near(seen: object, meant: tuple[int, ...]) -> bool:
    return isinstance(seen, tuple) and all(abs(one - other) < 30 for one, other in zip(seen, meant, strict=True))


def picture_of(data: bytes) -> Image.Image:
    """The picture, or the first page, that a reader of the copy sees."""
    if data.startswith(b"%PDF"):
        page: Image.Image = pypdfium2.PdfDocument(data)[0].render().to_pil()
        return page.convert("RGB")
    return Image.open(BytesIO(data)).convert("RGB")


async def kept(vault: Vault, name: str, data: bytes, bounds: Bounds | None = None) -> StoredFile | Reason:
    return await make_clean_copy(vault, await store(vault, pieces(data), name=name), bounds)


async def whole(vault: Vault, stored: StoredFile) -> bytes:
    return b"".join([chunk async for chunk in read(vault, stored)])


@pytest.mark.parametrize("sample", HIDES)
async def test_the_marker_of_every_hidden_place_is_gone_and_the_picture_is_there(
    vault: Vault, sample: Callable[[], bytes]
) -> None:
    original = sample()
    assert MARKER in original
    copy = await kept(vault, f"现场.{EXTENSIONS[sample]}", original)
    assert isinstance(copy, StoredFile)
    data = await whole(vault, copy)
    assert MARKER not in data
    assert b"31.2304" not in data
    assert picture_of(data).size == picture_of(original).size
    place = (80, 120) if sample is samples.pdf else (5, 5)
    assert is_near(picture_of(data).getpixel(place), (255, 0, 0) if sample is samples.pdf else RED)
    assert copy.name == f"现场.{ {'image/jpeg': 'jpg', 'image/png': 'png'}.get(copy.media_type, 'pdf') }"


async def test_chinese_words_whose_font_is_not_in_the_document_are_drawn(vault: Vault) -> None:
    copy = await kept(vault, "举报.pdf", samples.chinese_pdf())
    assert isinstance(copy, StoredFile)
    shown = picture_of(await whole(vault, copy)).convert("L")
    ink = sum(shown.histogram()[:128])
    assert ink > 500, "the page is blank; is a Chinese font installed?"


async def test_no_plain_byte_of_original_or_copy_is_on_the_disk(vault: Vault) -> None:
    copy = await kept(vault, "a.jpg", samples.jpeg())
    assert isinstance(copy, StoredFile)
    on_disk = [path for path in vault.folder.rglob("*") if path.is_file()]
    assert len(on_disk) == 2
    for path in on_disk:
        assert not {MARKER, b"JFIF", b"\xff\xd8\xff"} & {
            word for word in (MARKER, b"JFIF") if word in path.read_bytes()
        }


@pytest.mark.parametrize(
    ("orientation", "size", "left"), [(1, (60, 40), RED), (3, (60, 40), BLUE), (6, (40, 60), RED), (8, (40, 60), BLUE)]
)
def test_a_photograph_is_turned_upright_before_its_note_on_that_is_dropped(
    orientation: int, size: tuple[int, int], left: tuple[int, int, int]
) -> None:
    media_type, data = clean(samples.jpeg(orientation), PIXELS, PAGES)
    copy = Image.open(BytesIO(data))
    assert media_type == "image/jpeg"
    assert copy.size == size
    assert is_near(copy.getpixel((3, 3)), left)
    assert not copy.getexif()
    assert not {"icc_profile", "exif", "comment", "xmp"} & copy.info.keys()


def test_a_moving_picture_keeps_its_first_frame_only() -> None:
    media_type, data = clean(samples.gif(), PIXELS, PAGES)
    copy = Image.open(BytesIO(data))
    assert (media_type, getattr(copy, "n_frames", 1)) == ("image/png", 1)


def test_transparency_stays() -> None:
    _, data = clean(samples.transparent_png(), PIXELS, PAGES)
    assert Image.open(BytesIO(data)).getpixel((0, 0)) == (0, 0, 0, 0)


def test_a_document_becomes_pictures_of_its_pages_without_script_link_or_text() -> None:
    media_type, data = clean(samples.pdf(pages=3), PIXELS, PAGES)
    assert media_type == "application/pdf"
    for word in (b"JavaScript", b"OpenAction", b"/URI", b"/Author", b"/Annot", b"/Font"):
        assert word in samples.pdf()
        assert word not in data
    copy = pypdfium2.PdfDocument(data)
    assert [page.get_size() for page in copy] == [(300, 200)] * 3
    assert copy[0].get_textpage().get_text_bounded() == ""


def test_a_page_the_size_of_a_field_is_drawn_small_enough_to_hold() -> None:
    _, data = clean(samples.pdf(box="0 0 14400 14400"), PIXELS, PAGES)
    assert pypdfium2.PdfDocument(data)[0].get_size() == (14400, 14400)
    assert len(data) < 5_000_000


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (samples.png_bomb(), "too_big"),
        (samples.png_bomb(9_000), "too_big"),
        (samples.pdf(pages=PAGES + 1), "too_big"),
        (samples.locked_pdf(), "encrypted"),
        (samples.pdf()[:60], "damaged"),
        (samples.jpeg()[:400], "damaged"),
        (samples.png()[:60], "damaged"),
        (samples.webp()[:40], "damaged"),
        (samples.gif()[:14], "damaged"),
        (b"BM" + bytes(100), "damaged"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "damaged"),
    ],
)
def test_a_file_that_cannot_be_cleaned_has_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(CannotError) as told:
        clean(data, PIXELS, PAGES)
    assert str(told.value) == reason


def test_the_child_rehearses_with_every_kind_of_file_that_it_cleans() -> None:
    clean_child.rehearse()


@pytest.mark.parametrize(
    ("name", "data", "bounds", "reason"),
    [
        ("a.docx", b"PK\x03\x04" + bytes(1000), None, "unsupported"),
        ("a.txt", b"plain words", None, "unsupported"),
        ("a.heic", b"\x00\x00\x00\x18ftypheic", None, "unsupported"),
        ("a.png", samples.png_bomb(), None, "too_big"),
        ("a.jpg", samples.jpeg()[:400], None, "damaged"),
        ("a.pdf", samples.locked_pdf(), None, "encrypted"),
        ("a.jpg", samples.jpeg(), Bounds(seconds=0.001), "timeout"),
        ("a.pdf", samples.pdf(pages=199, box="0 0 14400 14400"), Bounds(seconds=0.8), "timeout"),
        ("a.jpg", samples.jpeg(), Bounds(memory=2**70), "damaged"),
        ("a.png", samples.png_bomb(7_900), Bounds(memory=400_000_000), "too_big"),
        ("a.pdf", samples.pdf(pages=0), None, "damaged"),
    ],
)
async def test_a_child_that_fails_says_why_and_leaves_no_copy(
    vault: Vault, name: str, data: bytes, bounds: Bounds | None, reason: str
) -> None:
    assert await kept(vault, name, data, bounds) == reason
    assert len([path for path in vault.folder.rglob("*") if path.is_file()]) == 1


async def test_a_copy_larger_than_a_file_may_be_is_not_kept(vault: Vault) -> None:
    noise = Image.merge("RGB", [Image.effect_noise((800, 800), 120)] * 3)
    tight = samples.jpeg(picture=noise)
    original = await store(vault, pieces(tight), name="a.jpg")
    assert await make_clean_copy(replace(vault, limit=200_000), original) == "too_big"


def test_a_damaged_note_on_the_orientation_does_not_cost_the_picture() -> None:
    with pytest.raises(SyntaxError):
        Image.open(BytesIO(samples.png())).getexif()
    media_type, data = clean(samples.png(), PIXELS, PAGES)
    assert (media_type, Image.open(BytesIO(data)).size) == ("image/png", (60, 40))


async def test_a_changed_original_is_not_given_to_a_parser(vault: Vault) -> None:
    original = await store(vault, pieces(samples.jpeg()), name="a.jpg")
    (path,) = (path for path in vault.folder.rglob("*") if path.is_file())
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(Forged):
        await make_clean_copy(vault, original)


ESCAPES = {
    "a file": "open('/etc/passwd')",
    "a new file": "open('x', 'w')",
    "a folder": "os.listdir('.')",
    "a socket": "socket.socket()",
    "a pipe": "os.pipe()",
    "a process": "os.fork()",
    "a program": "os.execv('/bin/true', ['true'])",
    "its limits": "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))",
    "memory": "bytearray(2_000_000_000)",
}


@pytest.mark.parametrize("right", ESCAPES)
def test_the_child_has_no_right_to(right: str) -> None:
    folder = Path(clean_child.__file__).parent
    script = f"""
import os, resource, socket, sys
sys.path.insert(0, {str(folder)!r})
import clean_child
clean_child.confine(1024**3, 5)
try:
    {ESCAPES[right]}
except (OSError, ValueError, MemoryError):
    print("refused")
"""
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, check=False, text=True)  # noqa: S603 - our own words
    assert done.stdout == "refused\n", done.stderr
