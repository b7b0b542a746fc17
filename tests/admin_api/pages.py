"""What tests of the console need to fill in its forms as a browser does."""

import re
from html import unescape
from uuid import UUID

import httpx

Form = dict[str, str]


def form_of(page: httpx.Response, action: str) -> Form:
    """The hidden fields of the form that posts to ``action``."""
    assert page.status_code == 200, page.text
    found = re.search(rf'<form method="post" action="{re.escape(action)}".*?</form>', page.text, re.DOTALL)
    assert found is not None, f"no form for {action}"
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found[0])
    return {name: unescape(value) for name, value in fields}


async def give_reason(browser: httpx.AsyncClient, item_id: UUID, why: str = "first_reading") -> httpx.Response:
    """Open an item as the form does; the page with its content comes back."""
    address = f"/console/items/{item_id}"
    form = form_of(await browser.get(address), f"{address}/open")
    sent = await browser.post(f"{address}/open", data={**form, "why": why})
    assert sent.status_code == 303, sent.text
    return await browser.get(sent.headers["location"])


async def open_case(browser: httpx.AsyncClient, case_id: UUID, why: str = "case_next") -> httpx.Response:
    """Open a case as the form does; the page with its thread comes back."""
    address = f"/console/cases/{case_id}"
    form = form_of(await browser.get(address), f"{address}/open")
    sent = await browser.post(f"{address}/open", data={**form, "why": why})
    assert sent.status_code == 303, sent.text
    return await browser.get(sent.headers["location"])


async def fill(browser: httpx.AsyncClient, page: httpx.Response, path: str, **fields: str) -> httpx.Response:
    """Fill in the form of a page that posts to ``path``, whatever stands behind it in the address."""
    found = re.search(rf'<form method="post" action="({re.escape(path)}(?:\?[^"]*)?)"', page.text)
    assert found is not None, f"no form for {path}"
    return await browser.post(unescape(found[1]), data={**form_of(page, found[1]), **fields})
