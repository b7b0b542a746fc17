"""Search finds what one may read, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core.app import App
from core.cases import proceedings
from core.cases.proceedings.searching import may_hold
from core.cases.proceedings.steps import Note, encode
from core.dialogue.form import folded
from core.errors import Invalid
from core.sealing import Escrow
from core.work import Staff
from tests.core.cases.offices import Offices, opened, the_offices, verified

REASON = "查找同类情况作参考"


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


async def _search(offices: Offices, staff: Staff, words: str) -> proceedings.Found:
    return await offices.do(staff, lambda work: proceedings.search(work, words, reason=REASON))


@pytest.mark.parametrize(
    ("words", "kind"), [("扑克", "opened"), ("Ｔ", None), ("登 记表", "evidence"), ("约一小时", "finding")]
)
async def test_words_of_two_characters_are_found_where_they_stand_first(
    intake: App, offices: Offices, words: str, kind: str | None
) -> None:
    case_id = await verified(offices, intake)
    if kind is None:
        with pytest.raises(Invalid, match="words_too_short"):
            await _search(offices, offices.org, words)
        return
    (hit,) = (await _search(offices, offices.org, words)).hits
    assert (hit.case.id, hit.kind) == (case_id, kind)
    assert "".join(words.split()) in hit.around


async def test_nobody_finds_what_was_not_granted_to_them(intake: App, offices: Offices) -> None:
    await opened(offices, intake)
    found = await _search(offices, offices.org, "扑克")
    assert (found.hits, found.looked_through) == ([], 0)
    assert len((await _search(offices, offices.clerk, "扑克")).hits) == 1


async def test_a_search_is_recorded_without_its_words(intake: App, offices: Offices, desk: App) -> None:
    await opened(offices, intake)
    await _search(offices, offices.clerk, "扑克")
    async with desk.work(offices.clerk, "console", write=False) as work:
        rows = (await work.session.execute(text("SELECT action, subject_id FROM audit_entry"))).all()
    assert ("console:case:searched", str(offices.clerk.person_id)) in [tuple(row) for row in rows]
    assert "扑克" not in str(rows)


@given(st.text(max_size=60), st.data())
def test_no_entry_is_passed_over_whose_text_holds_the_words(said: str, data: st.DataObject) -> None:
    plain = folded(said)
    start = data.draw(st.integers(0, len(plain)))
    wanted = plain[start : data.draw(st.integers(start, len(plain)))]
    assert may_hold(encode(Note(said)), wanted)
