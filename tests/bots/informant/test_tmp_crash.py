import pytest, asyncio
from tests.bots.informant.test_exactly_once import *
from tests.bots.informant.test_exactly_once import failed, receipts_shown

@pytest.mark.parametrize("n", range(40))
async def test_x(inform, n):
    async with inform(webhook=True) as it:
        talk = await at(it, REVIEW)
        await talk.says("/start")
        await it.bot.trouble("drop_before", "sendMessage", times=1_000)
        await talk.person.presses(talk.t("review.submit"))
        await until(failed(it.bot, "sendMessage"))
    await it.bot.calm()
    n = len(await it.bot.requests())
    async with inform(webhook=True, bot=it.bot) as again:
        try:
            await it.bot.peer.settled(5)
        except AssertionError as e:
            print("HANG", e)
            for r in (await it.bot.requests())[n-6:]: print(r)
            for r in (await it.bot.attempts())[-6:]: print(r)
            for t in asyncio.all_tasks():
                t.print_stack(limit=6)
            raise
