"""An ordinary day of the house: reports and drafts, receipts right and wrong, staff at work, a withdrawal."""

from core.sealing import Receipt
from tests.leaks.clerk import Clerk
from tests.leaks.house import House, until
from tests.leaks.planted import photograph, words
from tests.leaks.resident import File, Resident, answers, plant_cookie, plant_receipt
from tests.leaks.store import Store


def reports(house: House) -> Receipt:
    """Leave two reports undone, submit one with files and a name, and look for it; return its receipt."""
    with Resident(house.port) as resident:
        resident.web.post("/report")
        first = {"question": "about_official", "answer": "yes", "action": "next"}
        assert resident.web.post("/report/question", data=first).status_code == 303
        plant_cookie(resident.web)
    with Resident(house.port) as resident:
        unfinished = answers("draft: what", "draft: facts", evidence="")
        assert resident.send(unfinished, [account_book()]).status_code == 422
        plant_cookie(resident.web)
    with Resident(house.port) as resident:
        named = {"reporter_name": words("reporter: name"), "reporter_contact": words("reporter: contact")}
        told = answers("report: what", "report: facts", identity_mode="named", **named)
        receipt = resident.report(told, [account_book(), picture()])
        return_with(resident, receipt)
    return receipt


def return_with(resident: Resident, receipt: Receipt) -> None:
    """Look at a report, add to it and complain of retaliation; then try receipts that are none."""
    assert resident.at_receipt("", receipt.text).status_code == 200
    facts = {"facts": words("added facts")}
    assert resident.at_receipt("/facts", receipt.code, [account_book("files")], **facts).status_code == 200
    suffers = {"facts": words("retaliation")}
    assert resident.at_receipt("/retaliation", receipt.code, [account_book("files")], **suffers).status_code == 200
    plant_receipt("receipt of a complaint", receipt.beside("retaliation 1"))
    nobodys = Receipt.new()
    plant_receipt("receipt of nobody", nobodys)
    mistyped = receipt.code[:-1] + ("0" if receipt.code[-1] != "0" else "1")
    wrong = {nobodys.text: 404, mistyped: 422, words("typed for a receipt"): 422}
    assert {typed: resident.at_receipt("", typed).status_code for typed in wrong} == wrong


def work_of(clerk: Clerk, resident: Resident, receipt: Receipt) -> None:
    """Let the clerk err, enter, read and reply, and the reporter read the reply."""
    clerk.err_at_the_door()
    clerk.enter()
    item = clerk.newest()
    content = clerk.open(item)
    assert words("report: facts") in str(content)
    clerk.fetch_files(item, content)
    for kind in ("question", "answer"):
        clerk.reply(item, kind)
    assert words("answer") in resident.at_receipt("", receipt.text).text


def withdrawal(house: House, store: Store) -> bytes:
    """Submit a report, take it back and let the worker destroy it; return how its text was sealed."""
    with Resident(house.port) as resident:
        receipt = resident.report(answers("report: what", "withdrawn: facts"), [account_book()])
        where = f"WHERE receipt_hash = {store.literal(receipt.lookup_hash)}"
        sealed: bytes = store.run(f"SELECT envelope FROM item {where}")[0]["envelope"]  # noqa: S608 - our own words
        assert resident.at_receipt("/withdraw", receipt.text, confirm="1").status_code == 200
    house.start("worker")
    until(lambda: store.run("SELECT id FROM withdrawal WHERE carried_out_at IS NOT NULL"))
    return sealed


def account_book(question: str = "attachments") -> File:
    """Return a text file as a form sends it."""
    return question, (f"{words('file: name')}.txt", words("file: text").encode() * 40, "text/plain")


def picture() -> File:
    """Return a photograph as a form sends it."""
    return "attachments", (f"{words('file: name')}.jpg", photograph(), "image/jpeg")
