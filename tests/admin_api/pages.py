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
