"""Coming with the code of a served document: read it, answer it, and find nothing with a guess."""

from urllib.parse import quote

import pytest
from starlette.applications import Starlette

from core import warnings
from core.app import App
from core.sealing import Escrow, Receipt
from core.warnings.tables import SubjectMessage
from tests.bots.web import walks
from tests.bots.web.person import Person
from tests.core.cases.offices import Offices, the_offices
from tests.core.warnings.offices import confirmed, the_deciders
from tests.core.warnings.test_what_the_person_answers import MARKER, SUBSTANCE, inquired

ROTA = ("rota.pdf", b"%PDF-1.7 rota", "application/pdf")


@pytest.fixture
async def offices(laid: App, desk: App, escrow: Escrow) -> Offices:
    assert laid is not None
    return await the_offices(desk, escrow)


async def look(person: Person, code: str) -> None:
    await person.open("/reply")
    await person.press(to="/reply", code=code)


async def test_the_holder_reads_the_document_explains_with_a_file_and_reads_the_answer(
    offices: Offices, intake: App, site: Starlette
) -> None:
    case_id, code = await inquired(offices, intake)
    async with Person.at(site) as person:
        await look(person, code.text.lower())
        assert "函询通知书" in person.text
        assert "不是结论" in person.text
        assert SUBSTANCE in person.text
        assert "2026年10月27日以前" in person.text
        assert MARKER not in person.answer.text
        assert "set-cookie" not in person.answer.headers
        assert code.code not in " ".join([str(person.answer.url), *person.reading.links])
        page = person.reading
        await person.send("/reply/document", {"code": code.text})
        assert person.answer.content.startswith(b"PK")
        assert "%E5%87%BD" in person.answer.headers["content-disposition"]
        person.reading = page
        await person.press(to="/reply/write", fields={"kind": "explanation"})
        page = person.reading
        for _ in range(2):
            person.reading = page
            await person.press(to="/reply/write", files=[("files", ROTA)], text="当天在楼下值守")
            assert "已经收到" in person.text
        assert await walks.count(intake, SubjectMessage) == 1
        (message,) = await offices.do(offices.supervisor, lambda work: warnings.messages_waiting(work, case_id))
        await offices.do(offices.org, lambda work: warnings.take_message(work, message.id))
        await offices.do(offices.org, lambda work: warnings.answer_person(work, message.id, text="已经<收悉>"))
        await person.press(to="/reply")
        assert "已经<收悉>" in person.text
        assert "说明情况 2026年9月30日" in person.text


async def test_ten_guesses_get_nothing_and_the_source_is_slowed(offices: Offices, intake: App, site: Starlette) -> None:
    _, code = await inquired(offices, intake)
    async with Person.at(site) as person:
        for _ in range(10):
            await person.send("/reply", {"code": Receipt.new().text})
            assert person.answer.status_code == 404
            assert "没有找到这个编码" in person.text
        await person.send("/reply/write", {"code": Receipt.new().text, "kind": "explanation", "text": "x"})
        assert person.answer.status_code == 429
        await look(person, code.text)
        assert SUBSTANCE in person.text


async def test_what_is_to_be_mended_is_said_and_what_was_written_is_kept(
    laid: App, desk: App, escrow: Escrow, intake: App, site: Starlette
) -> None:
    assert laid is not None
    deciders = await the_deciders(desk, escrow)
    served = await deciders.served(await confirmed(deciders, intake, "admonition"), "admonition")
    async with Person.at(site, language="en") as person:
        await look(person, served.code.text)
        assert "Admonition" in person.text
        assert "the effects last to the end of 30 March 2027" in person.text
        await person.press(to="/reply/write", fields={"kind": "report"})
        await person.press(to="/reply/write", files=[], text="self-criticism")
        assert person.answer.status_code == 422
        assert "Please choose one first." in person.text
        assert "self-criticism" in dict(person.reading.forms[0].fields)["text"]
        await person.send("/reply/write", {"code": served.code.text, "kind": "appeal", "text": "x"})
        assert "This cannot be sent now." in person.text
        await person.send("/reply/write", {"code": served.code.text, "kind": "review", "text": " "})
        assert "Please write a few words" in person.text
    assert await walks.count(intake, SubjectMessage) == 0


async def test_the_holder_takes_out_what_revoked_the_measure_and_what_cleared_their_name(
    laid: App, desk: App, escrow: Escrow, intake: App, site: Starlette
) -> None:
    assert laid is not None
    deciders = await the_deciders(desk, escrow)
    served = await deciders.served(await confirmed(deciders, intake, "admonition"), "admonition")
    offices, measure_id, today = deciders.offices, served.measure.id, desk.clock.today()
    review = await offices.do(
        offices.supervisor,
        lambda work: warnings.ask_remedy(work, measure_id, kind="review", text="申请理由", received_on=today),
    )
    await offices.do(
        deciders.reviewer, lambda work: warnings.decide_remedy(work, review.id, ruling="upheld", reasons="证据不足")
    )
    await offices.do(
        offices.supervisor,
        lambda work: warnings.clear_name(work, measure_id, consent=True, scope="望江街道", text="予以澄清"),
    )
    async with Person.at(site) as person:
        await look(person, served.code.text)
        forms = [form for form in person.reading.forms if form.action.endswith("/reply/document")]
        for form, name in zip(forms, ("云组撤", "云组澄", "云组诫"), strict=True):
            await person.send(form.action, dict(form.fields))
            assert person.answer.content.startswith(b"PK")
            assert quote(name) in person.answer.headers["content-disposition"]
        await person.send("/reply/document", {"code": served.code.text, "paper": "3"})
        assert "证据不足" in person.text
