"""What people answer, and the ways through the form that several tests take."""

from collections.abc import Mapping

from tests.bots.web.person import Person

STEPS: Mapping[str, str] = {
    "about_official": "yes",
    "subject_kind": "section_official",
    "unit": "construction",
    "subject": "分管建设的副局长",
    "topic": "M5",
    "context": "on_duty",
    "what": "窗口服务态度生硬",
    "happened_when": "九月中旬",
    "happened_where": "政务大厅",
    "evidence": "own_observation",
    "facts": "九月十二日上午去办事，\n等了两个小时，没有人说明原因。",
    "attachments": "",
    "identity_mode": "anonymous",
    "may_ask": "yes",
}
WHOLE: Mapping[str, str] = {name: value for name, value in STEPS.items() if name != "attachments"}


def asked(person: Person) -> str:
    """Return the name of the question on the page."""
    return dict(person.reading.forms[0].fields)["question"]


async def begin(person: Person, lang: str = "") -> None:
    await person.open(f"/report?lang={lang}" if lang else "/report")
    await person.press(to="/report")
    assert person.path == "/report/question", person.text


async def answer(person: Person, value: str) -> None:
    """Answer the question on the page and go on."""
    given = {"answer": value} if value else {}
    await person.press("action", "next", **given)


async def walk_to(person: Person, question: str, steps: Mapping[str, str] = STEPS, lang: str = "") -> None:
    """Answer every question before ``question`` (``""``: all of them)."""
    await begin(person, lang)
    while person.path == "/report/question" and asked(person) != question:
        before = asked(person)
        await answer(person, steps[before])
        assert person.answer.status_code == 200, person.text
        assert person.path != "/report/question" or asked(person) != before, person.text
    assert person.path == ("/report/question" if question else "/report/review")


async def report(person: Person, lang: str = "") -> str:
    """Walk through all of it, confirm, and return the receipt."""
    await walk_to(person, "", lang=lang)
    await person.press(to="/report/submit")
    return receipt_on(person)


def receipt_on(person: Person) -> str:
    """Return the receipt that the page shows."""
    shown = [given.get("data-receipt") for tag, given in person.reading.tags if given.get("id") == "receipt"]
    assert shown, person.text
    assert shown[0]
    return shown[0]
