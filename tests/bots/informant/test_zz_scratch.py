from tests.bots.informant.conftest import Inform
from tests.bots.informant.places import kept
async def test_home_buttons(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await it.somebody()
        await talk.says("/start")
        await talk.presses("home.report")
        print((await talk.last()).text[:40], (await talk.sees()).answers)
        await talk.presses("notice.leave")
        print((await talk.last()).text[:40], await kept(it, talk))
        await talk.presses("home.report")
        print((await talk.last()).text[:40], (await talk.sees()).answers)
async def test_chosen(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await it.somebody()
        await talk.says("/language"); await talk.says("/language")
        r = await talk.reports()
        await talk.presses("receipt.noted")
        print(await kept(it, talk))
        await talk.presses("purge.go")
        print(await kept(it, talk))
