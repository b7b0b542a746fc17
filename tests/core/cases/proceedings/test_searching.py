"""Search finds what one may read, and nothing else."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update

from core.app import App
from core.cases import proceedings
from core.cases.proceedings.searchable import first_in, lines_of
from core.cases.proceedings.signatures import entry_facts
from core.cases.proceedings.steps import Evidence, Note, encode
from core.cases.proceedings.tables import CaseEntry, CaseFile, CaseSearch
from core.dialogue.form import folded
from core.errors import Invalid
from core.sealing import Context, Escrow, seal_envelope, sign
from core.work import Staff, Work
from tests.core.cases.offices import Offices, opened, the_offices, verified, verifying

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


async def _note(offices: Offices, case_id: UUID, said: str) -> None:
    await offices.do(
        offices.org,
        lambda work: proceedings.add_evidence(work, case_id, text=said, source="document", exculpatory=True),
    )


async def test_a_later_search_finds_what_was_kept_and_what_came_since(intake: App, offices: Offices) -> None:
    case_id = await verifying(offices, intake)
    assert (await _search(offices, offices.org, "茶叶")).hits == []
    await _note(offices, case_id, "另有茶叶两盒")
    for words in ("扑克", "茶叶"):
        for staff in (offices.org, offices.clerk):
            (hit,) = (await _search(offices, staff, words)).hits
            assert words in hit.around
    async with offices.desk.work(offices.org, "console", write=False) as work:
        (kept,) = (await work.session.scalars(select(CaseSearch))).all()
        assert kept.place == await work.session.scalar(select(func.max(CaseEntry.place)))
        assert "扑克".encode() not in kept.sealed_text


@pytest.mark.parametrize("change", [{"place": 99}, {"place": 1}, {"sealed_text": b"\x01" * 1100}, {"sealed_text": b""}])
async def test_whoever_changes_what_was_kept_hides_nothing(
    intake: App, offices: Offices, change: dict[str, object]
) -> None:
    await verified(offices, intake)
    await _search(offices, offices.org, "扑克")
    await offices.do(offices.org, lambda work: work.session.execute(update(CaseSearch).values(**change)))
    for words in ("扑克", "约一小时"):
        assert len((await _search(offices, offices.org, words)).hits) == 1


async def test_what_was_kept_of_one_case_is_none_of_another(intake: App, offices: Offices) -> None:
    first = await verifying(offices, intake)
    await _note(offices, first, "另有茶叶两盒")
    second = await verifying(offices, intake)
    await _note(offices, second, "另有白酒两瓶")
    await _search(offices, offices.org, "扑克")

    async def exchange(work: Work) -> None:
        rows = {row.case_id: row for row in await work.session.scalars(select(CaseSearch))}
        rows[second].sealed_text = rows[first].sealed_text

    await offices.do(offices.org, exchange)
    for words, case_id in (("茶叶", first), ("白酒", second)):
        assert [hit.case.id for hit in (await _search(offices, offices.org, words)).hits] == [case_id]


async def test_what_the_desk_did_not_sign_is_never_kept(intake: App, offices: Offices) -> None:
    case_id, forged = await verifying(offices, intake), uuid4()

    async def forge(work: Work) -> None:
        case, now = await work.session.get_one(CaseFile, case_id), work.now()
        envelope = seal_envelope(
            encode(Evidence("收受金条", "document", exculpatory=False)),
            to=[case.public_key],
            context=Context("case_entry", "envelope", forged),
        )
        entry = CaseEntry(id=forged, case_id=case_id, place=90, kind="evidence", at=now, envelope=envelope)
        entry.author_id = offices.org.person_id
        entry.signature = sign(work.keys.signing_key, "another_kind", entry_facts(entry))
        work.session.add(entry)

    await offices.do(offices.org, forge)
    for _ in range(2):
        assert len((await _search(offices, offices.org, "金条")).hits) == 1
    await offices.do(offices.org, lambda work: work.session.execute(delete(CaseEntry).where(CaseEntry.id == forged)))
    assert (await _search(offices, offices.org, "金条")).hits == []


async def test_what_did_not_open_for_a_while_is_found_again(intake: App, offices: Offices) -> None:
    case_id = await verifying(offices, intake)
    await _note(offices, case_id, "另有茶叶两盒")
    async with offices.desk.work(offices.org, "console", write=False) as work:
        query = select(CaseEntry.envelope).where(CaseEntry.kind == "evidence")
        genuine = (await work.session.scalars(query)).one()

    async def found_with(envelope: bytes) -> int:
        changed = update(CaseEntry).where(CaseEntry.kind == "evidence").values(envelope=envelope)
        await offices.do(offices.org, lambda work: work.session.execute(changed))
        return len((await _search(offices, offices.org, "茶叶")).hits)

    assert [await found_with(envelope) for envelope in (genuine[:-1], genuine)] == [0, 1]


@given(st.text(max_size=60), st.data())
def test_folded_words_are_found_in_the_text_that_holds_them(said: str, data: st.DataObject) -> None:
    plain = folded(said)
    start = data.draw(st.integers(0, max(len(plain) - 1, 0)))
    wanted = plain[start : data.draw(st.integers(start + 1, max(len(plain), 1)))]
    lines = lines_of(Evidence("甲", "乙", exculpatory=False)) + lines_of(Note(said))
    found = first_in(lines, wanted) if wanted else ("note", plain, 0)
    assert found is not None
    kind, around, place = found
    assert around[place:].startswith(wanted)
    assert (kind, around) == ("note", plain) or wanted in "甲乙"
