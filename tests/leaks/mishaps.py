"""The faults of a bad week: misfit requests, uploads cut off, a store that refuses or lies, power cuts."""

import signal
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from typing import Final

import httpx

from core.sealing import Receipt
from tests.leaks.clerk import Clerk
from tests.leaks.house import House, until
from tests.leaks.planted import film, words
from tests.leaks.resident import Resident, answers
from tests.leaks.store import Store
from tests.leaks.story import account_book

MIB: Final = 2**20
TOO_LARGE: Final = 51 * MIB


def misfits(house: House) -> None:
    """Send what is no form, and no HTTP."""
    with Resident(house.port) as resident:
        web, text = resident.web, words("refused: text")
        multipart = {"content-type": "multipart/form-data; boundary=heron"}
        for body in (
            text,
            f'--heron\r\nContent-Disposition: form-data; name="what"\r\n\r\n{text}',
            "--heron\r\n" + text,
        ):
            assert web.post("/report/whole", content=body, headers=multipart).status_code == 400
        assert web.post("/report/whole", json={"what": text}).status_code == 400
        assert web.post("/report/whole", data={"facts": text * 100_000}).status_code == 413
        assert web.get(f"/{words('query')}", params={"facts": text}).status_code == 404
        assert web.put("/report/whole", data={"facts": text}).status_code == 405
        disguised = ("attachments", (f"{words('file: wrong type')}.jpg", _archive(), "image/jpeg"))
        assert resident.send(answers("refused: text", "refused: text"), [disguised]).status_code == 422
        with resident.connected() as wire:
            wire.sendall(f"{text} / HTTP/9\r\nuser-agent {words('user agent')}\r\n\r\n".encode())
            assert b" 400 " in wire.recv(100)


def uploads(house: House) -> None:
    """Send a file that is too large, then one whose sender hangs up, then one during which the process crashes."""
    with Resident(house.port) as resident:
        large = ("attachments", (f"{words('file: too large')}.mp4", film("file: too large", TOO_LARGE), "video/mp4"))
        assert resident.send(answers("refused: text", "refused: text"), [large]).status_code == 422
        for fault in ("hung up", "crash"):
            with resident.connected() as wire:
                resident.begin_upload(wire, "file: cut off", film("file: cut off", MIB + MIB // 2))
                until(lambda: sum(part.stat().st_size for part in house.parts()) > MIB)
                if fault == "crash":
                    house.keep_open_files("intake")
                    house.kill("intake", signal.SIGABRT)
            if fault == "hung up":
                until(lambda: not house.parts())
    assert house.parts()
    house.start("intake")


def outages(house: House, store: Store, receipt: Receipt) -> None:
    """Let the store refuse, lack a table, and hold what nobody sealed."""
    told = {**answers("lost: text", "lost: text"), "confirm": "1"}
    with Resident(house.port) as resident:
        with store.refusing():
            assert resident.send(told, [account_book()]).status_code == 503
            house.keep_open_files("intake")
        with store.without("draft"):
            assert resident.send({**told, "what": words("broken: text")}, [account_book()]).status_code == 500
        assert resident.send(answers("broken: text", "broken: text", evidence="")).status_code == 422
        store.overwrite("draft", "sealed", b"forged" * 20)
        assert resident.web.get("/report/question").status_code == 500
        assert resident.at_receipt("", receipt.text).status_code == 200


def forgery(clerk: Clerk, store: Store) -> None:
    """Let a clerk ask for an item that somebody has changed in the store."""
    item = clerk.newest()
    kept = store.run("SELECT id, envelope FROM item WHERE envelope IS NOT NULL")
    store.overwrite("item", "envelope", b"forged" * 200)
    assert clerk.read(item).status_code == 500
    for row in kept:
        store.overwrite("item", "envelope", row["envelope"], row_id=row["id"])


def power_cut(house: House) -> None:
    """Cut the power while reports are on their way, at the moment when the first of them is answered."""

    def send(_: int) -> bool:
        with Resident(house.port) as resident, suppress(httpx.TransportError):
            return resident.send(
                {**answers("killed: text", "killed: text"), "confirm": "1"}, [account_book()]
            ).is_success
        return False

    with ThreadPoolExecutor(8) as people:
        sent = people.map(send, range(12))
        assert next(sent)
        house.kill("intake")
        assert not all(sent)
    house.keep("home", "after a power cut")
    house.start("intake")


def _archive() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(words("file: wrong type"), words("file: wrong type") * 40)
    return file.getvalue()
