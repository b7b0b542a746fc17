"""The reports that are posted: ready-made requests, each with a number by which its item is known again."""

import re
from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Final

PATH: Final = "/report/whole"
_BOUNDARY: Final = "----report0123456789abcdef"
_RECEIPT: Final = re.compile(rb"\b[0-9A-Z]{3}(?:-[0-9A-Z]{3}){6}\b")
_NUMBER: Final = re.compile(r"第 (\d+) 号")
FACTS: Final = "十月里我去大厅办事，窗口的人说材料不全，让我找后面的那位副主任。他暗示要先“表示一下”，事情才好办。" * 8
_ANSWERS: Final = {
    "about_official": "yes",
    "subject_kind": "section_official",
    "subject": "分管审批的副主任",
    "topic": "M6",
    "context": "on_duty",
    "happened_when": "十月中旬",
    "happened_where": "办事大厅二楼",
    "evidence": "own_observation",
    "facts": FACTS,
    "identity_mode": "anonymous",
    "may_ask": "yes",
    "confirm": "1",
}


def prepared(numbers: range, *, unit: str) -> Sequence[bytes]:
    """Return a POST of the whole form for each number, as a browser sends it, about the unit of code ``unit``."""
    return [_request(_answers(number, unit)) for number in numbers]


def receipt_in(page: bytes) -> str:
    """Return the receipt that a page shows; raises `ValueError` when it shows none."""
    found = _RECEIPT.search(page)
    if found is None:
        raise ValueError("an accepted report was answered without a receipt")
    return found[0].decode()


def number_in(what: str) -> int:
    """Return the number of a report by its answer to the question ``what``; raises `ValueError`."""
    found = _NUMBER.search(what)
    if found is None:
        raise ValueError("the item is none of ours")
    return int(found[1])


def _answers(number: int, unit: str) -> dict[str, str]:
    what = f"第 {number} 号：办事要先给好处"
    return {**_ANSWERS, "unit": unit, "what": what, "form_token": token_urlsafe(32)}


def _request(answers: dict[str, str]) -> bytes:
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{answer}\r\n'
        for name, answer in answers.items()
    ]
    body = ("".join(parts) + f"--{_BOUNDARY}--\r\n").encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh-CN\r\n"
        f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
