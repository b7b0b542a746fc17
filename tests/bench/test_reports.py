"""What is posted: whole forms that are taken, and what is found again in the answers."""

from datetime import date

import pytest

from bench.reports import number_in, prepared, receipt_in
from core.dialogue import REPORT, Choice, Choices, Dialogue, Done, Review, State, load
from core.sealing import Receipt


def fields_of(request: bytes) -> dict[str, str]:
    _, _, body = request.partition(b"\r\n\r\n")
    parts = body.decode().split('name="')[1:]
    return {part.partition('"')[0]: part.partition("\r\n\r\n")[2].partition("\r\n--")[0] for part in parts}


def test_a_prepared_report_answers_the_whole_form() -> None:
    fields = fields_of(prepared(range(7, 8), unit="somewhere")[0])
    places = Choices([Choice("somewhere", {"zh_CN": "某单位", "en": "Somewhere"}, {})])
    form = load(REPORT)
    dialogue = Dialogue(form, today=date(2026, 9, 30), lists={"registry.units": places})
    beginning = State(form.id, form.version, "zh_CN")
    review = dialogue.answer_all(beginning, fields)
    assert isinstance(review, Review)
    done = dialogue.submit(review.state)
    assert isinstance(done, Done)
    assert number_in(str(done.answers["what"])) == 7


def test_a_request_says_how_long_it_is() -> None:
    for request in prepared(range(2), unit="x"):
        head, _, body = request.partition(b"\r\n\r\n")
        assert f"Content-Length: {len(body)}".encode() in head


def test_the_receipt_is_found_on_a_page() -> None:
    receipt = Receipt.new()
    assert receipt_in(f"<html><p id=receipt>{receipt.text}</p>".encode()) == receipt.text


def test_a_page_without_a_receipt_is_no_acceptance() -> None:
    with pytest.raises(ValueError, match="without a receipt"):
        receipt_in(b"<html>sorry</html>")


def test_an_item_of_somebody_else_is_noticed() -> None:
    with pytest.raises(ValueError, match="none of ours"):
        number_in("something else")
