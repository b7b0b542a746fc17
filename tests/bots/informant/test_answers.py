"""What is remembered of messages that were sent is bounded, however long somebody writes without getting anywhere."""

import pytest

from bots.informant import answers
from tests.bots.informant.conftest import Inform
from tests.bots.informant.places import kept


async def test_of_a_chat_no_more_messages_are_remembered_than_are_deleted_on_wish(
    inform: Inform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_TRACES", 3)
    async with inform(webhook=True) as it:
        talk = await it.somebody()
        await talk.says(*"一二三四五")
        greeted = [message.id for message in (await talk.sees()).from_bot]
        typed = await talk.says("/report")
        chat = await kept(it, talk)
        assert chat is not None
        assert sorted(chat.traces) == [*greeted[-3:], typed]
