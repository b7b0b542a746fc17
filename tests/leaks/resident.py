"""A resident at the public pages, who has planted words in everything that a person can send."""

import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, Self

import httpx

from core.sealing import Receipt
from tests.leaks.house import UNIT
from tests.leaks.planted import PLANTED, SOURCE, words

File = tuple[str, tuple[str, bytes, str]]
"""A question, and what answers it: file name, content, media type."""
_RECEIPT: Final = re.compile(r'data-receipt="([0-9A-Z-]+)"')
_ANSWERS: Final = {
    "about_official": "yes",
    "subject_kind": "section_official",
    "unit": UNIT,
    "topic": "M6",
    "context": "on_duty",
    "evidence": "own_observation",
    "may_ask": "yes",
}


def headers() -> Mapping[str, str]:
    """Return what a browser and the proxies on the way say of a person."""
    return {
        "user-agent": words("user agent"),
        "accept-language": f"zh-CN, {words('language')};q=0.1",
        "referer": f"http://search.example/?q={words('query')}",
        "x-forwarded-for": f"{words('forwarded address')}, 198.51.100.1",
        "x-real-ip": words("forwarded address"),
        "forwarded": f'for="[{words("forwarded address, version 6")}]"',
    }


def answers(what: str, facts: str, **more: str) -> dict[str, str]:
    """Return the answers of a whole form, two of them planted."""
    told = {
        "what": words(what),
        "facts": words(facts) * 60,
        "subject": words("report: subject"),
        "happened_where": words("report: place"),
        "identity_mode": "anonymous",
    }
    return {**_ANSWERS, **told, **more}


class Resident:
    """Somebody with a browser of their own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.web = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers=headers(),
            transport=httpx.HTTPTransport(local_address=SOURCE),
            cookies={"other": words("cookie")},
            timeout=30,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.web.close()

    def send(self, answers: Mapping[str, str], files: Sequence[File] = ()) -> httpx.Response:
        """Post the whole form, to an address that also says who somebody is."""
        return self.web.post(f"/report/whole?name={words('query')}", data=answers, files=files or None)

    def report(self, answers: Mapping[str, str], files: Sequence[File] = ()) -> Receipt:
        """Submit a report; return its receipt, which is planted from now on."""
        answer = self.send({**answers, "confirm": "1"}, files)
        found = _RECEIPT.search(answer.text)
        assert found is not None, answer.status_code
        receipt = Receipt.parse(found[1])
        plant_receipt(f"receipt {len(PLANTED)}", receipt)
        plant_cookie(self.web)
        return receipt

    def at_receipt(self, page: str, receipt: str, files: Sequence[File] = (), **more: str) -> httpx.Response:
        """Post a receipt to one of the pages that take one."""
        return self.web.post(f"/receipt{page}", data={"receipt": receipt, **more}, files=files or None)

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        """Give a bare connection, hung up at the end of the block."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30, source_address=(SOURCE, 0)) as wire:
            yield wire

    def begin_upload(self, wire: socket.socket, name: str, content: bytes) -> None:
        """Send the beginning of a form whose file goes on for longer than ``content``."""
        boundary = "heron"
        lines = [f"{name}: {value}" for name, value in headers().items()]
        lines += [f"content-type: multipart/form-data; boundary={boundary}", "content-length: 40000000"]
        head = "\r\n".join(["POST /report/whole HTTP/1.1", "host: 127.0.0.1", *lines, "", ""])
        part = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="attachments"; filename="{words(name)}.mp4"\r\n\r\n'
        )
        wire.sendall(head.encode() + part.encode() + content)


def plant_cookie(web: httpx.Client) -> None:
    """Plant the secret of the draft that a browser holds."""
    PLANTED[f"cookie {len(PLANTED)}"] = web.cookies["draft"]


def plant_receipt(name: str, receipt: Receipt) -> None:
    """Plant a receipt in both its spellings, and the keys that come of it."""
    PLANTED[name] = receipt.code
    PLANTED[f"{name}, in groups"] = receipt.text
    PLANTED[f"{name}, key to answers"] = receipt.box.private
    PLANTED[f"{name}, signing key"] = bytes(receipt.signing_key)
