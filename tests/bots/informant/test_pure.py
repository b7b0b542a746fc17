"""What needs neither platform nor database: texts in pages, buttons, and a chat as its draft keeps it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bots.informant.chat import MOST_TRACES, Chat
from bots.texting import LIMIT, Button, Message, Screen, chunked, column, paged, units
from core.attachments import StoredFile
from core.dialogue import FileRef, State
from core.sealing import Receipt

TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
LINES = st.lists(st.text(st.sampled_from("字a \n\u3000👍🏽"), max_size=40), max_size=12)
FILES = st.builds(
    StoredFile,
    id=st.uuids(),
    name=TEXT,
    size=st.integers(1, 2**30),
    media_type=st.just("image/jpeg"),
    sha256=st.binary(min_size=32, max_size=32),
    key=st.binary(min_size=32, max_size=32),
)
REFS = st.lists(st.builds(FileRef, id=st.uuids().map(str), name=TEXT, size=st.integers(1), media_type=TEXT), min_size=1)
STATES = st.builds(
    State,
    form_id=st.just("report"),
    version=st.just("1"),
    language=st.just("en"),
    answers=st.dictionaries(st.sampled_from(["what", "facts"]), TEXT | REFS.map(tuple)),
    skipped=st.frozensets(st.just("subject")),
    at=st.none() | st.just("facts"),
    editing=st.booleans(),
)
CHATS = st.builds(
    Chat,
    language=st.sampled_from(["zh_CN", "en"]),
    chosen=st.booleans(),
    place=st.sampled_from(["form", "thread"]),
    asks=st.sampled_from(["", "forget"]),
    tag=TEXT,
    state=st.none() | STATES,
    files=st.lists(FILES, max_size=3).map(lambda files: {str(file.id): file for file in files}),
    parts=st.dictionaries(TEXT, st.lists(st.tuples(st.integers(), TEXT), max_size=3).map(tuple), max_size=3),
    more=TEXT,
    facts=TEXT,
    receipt=st.none() | st.builds(Receipt.new),
    body=TEXT,
    here=st.booleans(),
    traces=st.lists(st.integers(), max_size=9).map(tuple),
)


@given(lines=LINES, limit=st.integers(2, 50))
def test_pages_lose_nothing_but_blanks_keep_the_limit_and_none_is_blank(lines: list[str], limit: int) -> None:
    pages = paged(lines, limit=limit)
    assert all(units(page) <= limit for page in pages)
    assert "".join("".join(pages).split()) == "".join("".join(lines).split())
    assert all(page.strip() for page in pages) or pages == [""]


@given(st.lists(TEXT, max_size=8))
def test_what_fits_one_message_is_one_message_line_by_line(lines: list[str]) -> None:
    whole = "\n".join(lines)
    assert units(whole) <= LIMIT
    assert len(paged(whole.split("\n"))) == 1


@given(here=TEXT, action=TEXT, arg=TEXT)
def test_data_of_a_button_fits_and_is_known_in_its_place_alone(here: str, action: str, arg: str) -> None:
    button, other = Button("Press", action, arg), Button("Press", action, f"{arg}x")
    screen = Screen(here[:8], (Message("?"),), column(button, other))
    data = screen.data(button)
    assert len(data.encode()) <= 64
    assert screen.pressed(data) == button
    assert screen.pressed(screen.data(other)) == other
    assert Screen(f"{here[:8]}.", (Message("?"),), column(button)).pressed(data) is None


@given(CHATS)
def test_a_chat_comes_back_from_its_draft_as_it_was(chat: Chat) -> None:
    assert Chat.from_json(json.loads(json.dumps(chat.to_json()))) == chat


@given(CHATS)
def test_what_a_chat_prints_says_nothing_of_what_is_in_it(chat: Chat) -> None:
    marked = Chat(facts="heron", receipt=chat.receipt, parts={"facts": ((1, "heron"),)}, files=chat.files)
    told = repr(marked)
    assert "heron" not in told
    assert chat.receipt is None or chat.receipt.code not in told


@given(st.lists(st.integers(1, 10_000), max_size=900))
def test_so_many_traces_are_kept_and_the_latest(numbers: list[int]) -> None:
    traces = Chat().marked(*numbers).traces
    assert len(traces) <= MOST_TRACES
    assert len(set(traces)) == len(traces)
    assert set(traces) <= set(numbers)


@given(st.lists(st.integers()), st.integers(1, 9))
def test_chunks_are_all_of_it_in_order(things: list[int], size: int) -> None:
    chunks = list(chunked(things, size))
    assert [one for chunk in chunks for one in chunk] == things
    assert all(1 <= len(chunk) <= size for chunk in chunks)
