"""Names and types: a closed list, told by the first bytes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.attachments.types import EXTENSIONS, NAME_LENGTH, name_and_type
from core.errors import Invalid

HEADS = {
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "gif": b"GIF89a\x01\x00",
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "heic": b"\x00\x00\x00\x18ftypheic",
    "pdf": b"%PDF-1.4\n",
    "docx": b"PK\x03\x04\x14\x00",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "txt": "2026年9月30日，我看到……\r\n".encode(),
    "mp4": b"\x00\x00\x00\x20ftypisom",
    "mov": b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat",
    "webm": b"\x1a\x45\xdf\xa3\x01",
    "mp3": b"ID3\x04\x00",
    "aac": b"\xff\xf1\x50\x80",
    "ogg": b"OggS\x00\x02",
    "wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "amr": b"#!AMR\n",
}
SAME_SIGN = {frozenset({"mp4", "mov"})}


@pytest.mark.parametrize("extension", HEADS)
def test_a_file_of_each_type_fits_its_own_name_and_no_other(extension: str) -> None:
    for other, head in HEADS.items():
        fits = name_and_type(f"证据.{extension}", "")[1].fits(head)
        assert fits == (other == extension or {other, extension} in SAME_SIGN), other


@pytest.mark.parametrize(
    "head",
    [
        "会议记录".encode("gb18030"),
        "会议记录".encode("utf-16"),
        b"\xef\xbb\xbf" + "会议记录".encode(),
        b"plain\twords\x0c\n",
    ],
)
def test_text_may_come_in_the_encodings_that_people_here_use(head: bytes) -> None:
    assert name_and_type("a.txt", "")[1].fits(head)


@pytest.mark.parametrize("head", [b"MZ\x90\x00\x03", b"\x7fELF\x02\x01", b"text\x00more", b"\x1b[2J"])
def test_a_program_or_a_terminal_trick_is_not_text(head: bytes) -> None:
    assert not name_and_type("a.txt", "")[1].fits(head)


@pytest.mark.parametrize(
    "name", ["a.exe", "a.zip", "a.svg", "a.html", "a.docm", "a.jpg.exe", "exe", "", ".", "a.", "a.pdf\u202e.exe"]
)
def test_what_is_not_on_the_list_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        name_and_type(name, "application/x-unknown")
    assert refused.value.code == "file_type_refused"


@pytest.mark.parametrize(
    ("name", "declared", "kept"),
    [
        ("现场 照片.JPG", "", "现场 照片.jpg"),
        ("../../etc/passwd.txt", "", "passwd.txt"),
        ("C:\\Users\\wang\\发票.pdf", "", "发票.pdf"),
        ("a\u202egpj.pdf", "", "agpj.pdf"),
        ("a\x00b\r\n\x1b[31mc.png", "", "ab[31mc.png"),
        ("\u200b\ufeff.png", "", "file.png"),
        ("..png", "", "file.png"),
        ("", "audio/ogg; codecs=opus", "file.ogg"),
        ("voice", "AUDIO/MPEG", "voice.mp3"),
        ("cafe\u0301.txt", "", "café.txt"),
    ],
)
def test_a_name_keeps_what_a_person_reads_and_nothing_that_misleads(name: str, declared: str, kept: str) -> None:
    assert name_and_type(name, declared)[0] == kept


@given(st.text(max_size=300), st.sampled_from(EXTENSIONS))
def test_no_name_grows_long_or_carries_a_path_or_an_invisible_character(stem: str, extension: str) -> None:
    name, _ = name_and_type(f"{stem}.{extension}", "")
    assert 0 < len(name) <= NAME_LENGTH
    assert name.endswith(f".{extension}")
    assert not {"/", "\\"} & set(name)
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in name)
