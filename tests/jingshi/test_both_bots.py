"""Both bots beside the pages in one process, as ``jingshi serve`` runs it: each speaks for itself."""

from collections.abc import Iterator

import httpx
import pytest

from bots.informant.texts import texts as informant_texts
from bots.liaison.texts import texts as liaison_texts
from tests.jingshi.conftest import Processes, embedded
from tests.peer.client import NO_TLS, Peer
from tests.peer.running import process

pytestmark = [embedded, pytest.mark.unmeasured]

TOKENS = {"JINGSHI_INFORMANT_TOKEN": "300:peer", "JINGSHI_LIAISON_TOKEN": "400:peer"}
_PATIENCE = 60.0


@pytest.fixture(scope="module")
def peer_url() -> Iterator[str]:
    with process() as url:
        yield url


@pytest.mark.usefixtures("home")
async def test_both_bots_and_the_pages_answer_from_one_process(processes: Processes, peer_url: str) -> None:
    url = f"http://127.0.0.1:{processes.environment['PORT']}"
    more = {**TOKENS, "JINGSHI_TELEGRAM_API": peer_url, "JINGSHI_PUBLIC_URL": url}
    async with Peer.at(peer_url) as peer:
        bots = [await peer.bot(token, username=f"bot{place}_bot") for place, token in enumerate(TOKENS.values())]
        processes.start("serve", "--only", "intake", **more)
        people = [await bot.person(user_id=5_000_000_000 + place) for place, bot in enumerate(bots)]
        for person in people:
            await person.says("/start")
        informant, liaison = [await each.sees_when(lambda view: bool(view.from_bot), _PATIENCE) for each in people]
        assert informant_texts("zh_CN")("home.report") in informant.last.buttons[0]
        assert liaison_texts("zh_CN")("stranger.lead") in liaison.last.text
        async with httpx.AsyncClient(base_url=url, verify=NO_TLS) as resident:
            assert (await resident.get("/healthz")).status_code == httpx.codes.OK
        await peer.settled()
