"""The bot: an update is applied in one transaction, and only then answered, so that it may be delivered again.

Whatever fails before the answer has left raises `Later`, and the platform delivers again. An update that was applied
already is answered with what the chat shows now.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import LeaveChat, SendMessage

from bots import files
from bots.forms import Forms
from bots.informant import fetching, talking
from bots.informant.answers import Answers
from bots.informant.batches import Batches
from bots.informant.chat import WRITING, Chat
from bots.informant.incoming import Incoming
from bots.informant.scene import House
from bots.informant.speaking import Speaker, understood
from bots.informant.texts import texts
from bots.informant.turn import BOT, CHANNEL, Fetched, Turn
from bots.lanes import Lanes
from bots.platform import Gone, Later
from bots.texting import Screen
from bots.throttle import Throttle
from core.app import App, attachments, drafts, registry, updates
from core.dialogue.form import FILE_KINDS, folded
from core.errors import Forged, Invalid, JingshiError, Stale, Unavailable
from core.texts import LANGUAGES, choose_language
from core.work import Reporter, Work

_log = logging.getLogger("jingshi.informant")

_REPORTER: Final = Reporter()
_FETCHES: Final = 6  # deliveries of an update whose files cannot be fetched
_SHORT: Final = frozenset({"receipt", "asking", "thread", "noted"}) | WRITING
_REFUSALS: Final = {
    "no_shared_key": "refused.no_shared_key",
    "upper_level_unreachable": "refused.upper_level_unreachable",
    "attachment_gone": "refused.attachment_gone",
    "receipt_unknown": "refused.receipt_unknown",
    "item_withdrawn": "problem.item_withdrawn",
    "item_handed_on": "problem.item_handed_on",
    "item_put_away": "problem.item_put_away",
}
"""What is said when the core refuses something that a chat may meet."""

_TAKE_FILES: Final = frozenset({"thread"}) | WRITING

Job = tuple[Incoming, Fetched]
Applied = tuple[Turn, Screen, bool]
Held = tuple[drafts.Draft, Chat]


class Informant:
    """One bot on an intake process's core."""

    def __init__(self, core: App, bot: Bot) -> None:
        self.core = core
        self.bot = bot
        self.speaker = Speaker(bot)
        self._account = f"{BOT}:{bot.id}"  # another account of the platform counts its updates anew
        self.forms = Forms()
        self.vault = attachments.Vault(core.settings.attachments, core.policy.bytes("attachment_size"), core.clock)
        window = timedelta(minutes=core.policy.minutes("receipt_tries_window"))
        self.throttle = Throttle(core.clock, tries=core.policy.count("receipt_tries"), window=window)
        self._lanes = Lanes()
        self._batches = Batches(self._apply)
        self._house: House | None = None
        self._answers = Answers(self.speaker)
        self._unfetched: dict[int, int] = {}

    async def take(self, incoming: Incoming) -> None:
        """Apply an update and answer it; raises `Later` when it is to be delivered again, and `Revoked`."""
        try:
            if incoming.kind == "group":
                await self._decline_group(incoming.chat)
            elif incoming.kind == "press" and not incoming.is_own:
                await self.speaker.answer_if_possible(
                    incoming.query, texts(choose_language(incoming.language))("press.stranger")
                )
            elif incoming.kind != "left":
                async with self._lanes.of(incoming.chat):
                    await self._take(incoming)
        except Gone:
            return  # nobody is there to be answered; what was stored stays until it is over
        except (Unavailable, Stale) as error:
            _log.warning("%s: an update will be delivered again", error.code)
            raise Later(getattr(error, "retry_after", 1)) from error

    async def _take(self, incoming: Incoming) -> None:
        fetched = Fetched()
        try:
            fetched = await self._prepare(incoming)
            turn, screen, is_new = await self._batches.do((incoming, fetched))
        except (Unavailable, Stale):
            raise
        except JingshiError as error:
            _log.error("%s %s", type(error).__name__, error.code)
            turn, screen, is_new = await self._refuse(incoming, error)
        finally:
            await self._tidy(fetched)
        await self._answers.give(turn, screen, is_new=is_new)

    async def _prepare(self, incoming: Incoming) -> Fetched:
        """Do what must not be done within a transaction, and only once: fetch files, delete messages."""
        if incoming.kind not in {"files", "press"} and not _says_purge(incoming):
            return Fetched()
        async with self.core.work(_REPORTER, CHANNEL, write=False) as work:
            if await updates.seen(work, self._account, incoming.update_id):
                return Fetched()
            ((_, chat),) = await self._load(work, [incoming], lock=False)
            turn = await self._turn(work, chat, incoming)
            screen, takes_files = await turn.screen(), _takes_files(turn)
        find = {"press": screen.pressed, "text": screen.typed}.get(incoming.kind)
        button = find(incoming.text) if find is not None else None
        if button is not None and button.action == "purge":
            known = self._answers.shown_in(incoming.chat)
            await self.speaker.erase(incoming.chat, chat.marked(incoming.message_id, *known).traces)
        if incoming.kind == "files" and takes_files:
            return await self._fetch(incoming, chat.language)
        return Fetched()

    async def _fetch(self, incoming: Incoming, language: str) -> Fetched:
        """Fetch the files of an update; what cannot be had after some deliveries is given up, with words."""
        t = texts(language)
        try:
            fetched = await fetching.fetch(self.bot, self.vault, incoming.files, t)
        except Later:
            tries = self._unfetched.pop(incoming.update_id, 0) + 1
            if tries < _FETCHES:
                self._unfetched[incoming.update_id] = tries
                raise
            return Fetched(refused=(t("files.not_fetched"),))
        self._unfetched.pop(incoming.update_id, None)
        return fetched

    async def _apply(self, jobs: Sequence[Job]) -> Sequence[Applied]:
        """Apply updates of different chats in one transaction; raises what the first that fails raises."""
        async with self.core.work(_REPORTER, CHANNEL) as work:
            new = await updates.first_times(work, self._account, [incoming.update_id for incoming, _ in jobs])
            held = await self._load(work, [incoming for incoming, _ in jobs])
            applied = []
            for (incoming, fetched), (draft, chat) in zip(jobs, held, strict=True):
                turn = await self._turn(work, chat, incoming, fetched)
                if incoming.update_id in new:
                    await talking.apply(turn)
                    await self._settle(work, chat, turn)
                applied.append((draft, chat, turn))
            await self._save(work, applied)
            done = [(turn, await turn.screen(), turn.incoming.update_id in new) for _, _, turn in applied]
        for _, before, turn in applied:
            if turn.chat != before:
                self._answers.forget(turn.incoming.chat)  # what was shown is noted with the chat now, or need not be
        return done

    async def _refuse(self, incoming: Incoming, error: JingshiError) -> tuple[Turn, Screen, bool]:
        """Note an update that the core refused as applied, change nothing by it, and say why."""
        async with self.core.work(_REPORTER, CHANNEL) as work:
            is_new = await updates.first_time(work, self._account, incoming.update_id)
            ((draft, chat),) = await self._load(work, [incoming])
            turn = await self._turn(work, chat, incoming)
            turn.say(_REFUSALS.get(error.code, "refused.other"))
            try:
                screen = await turn.screen()
            except JingshiError:  # what the chat has open cannot be read: it is closed, or nobody could leave it
                turn.chat = replace(chat.at_home(keeps_traces=True), place="noted" if chat.traces else "home")
                await self._save(work, [(draft, chat, turn)])
                screen = await turn.screen()
            return turn, screen, is_new

    async def _load(self, work: Work, jobs: Sequence[Incoming], *, lock: bool = True) -> Sequence[Held]:
        """Return the draft of each chat and what it holds."""
        try:
            found = await drafts.load_all(work, CHANNEL, [str(one.chat) for one in jobs], lock=lock)
        except Forged:  # sealed with a key that is gone: nobody can read it any more
            if len(jobs) > 1:
                raise
            found = {}
            if lock:
                await drafts.drop(work, CHANNEL, str(jobs[0].chat))
        return [_held(incoming, found.get(str(incoming.chat))) for incoming in jobs]

    async def _turn(self, work: Work, chat: Chat, incoming: Incoming, fetched: Fetched | None = None) -> Turn:
        dialogue = await self.forms.dialogue(work)
        house = await self._facts(work)
        return Turn(work, chat, incoming, self.forms, dialogue, house, self.throttle, fetched or Fetched())

    async def _settle(self, work: Work, before: Chat, turn: Turn) -> None:
        """Note what was sent to the chat if anything of it changed, and see to its files."""
        chat = turn.chat
        if chat != before and (chat.place != "home" or chat.traces):
            chat = chat.marked(*self._answers.shown_in(turn.incoming.chat))
        if before.files or chat.files:
            named = frozenset(chat.files) if chat.place in WRITING else _named(chat)
            chat = replace(chat, files=await files.settle(work, before.files, turn.fetched.files, named))
        turn.chat = chat

    async def _save(self, work: Work, applied: Sequence[tuple[drafts.Draft, Chat, Turn]]) -> None:
        """Keep the chats of which anything changed."""
        shortly = timedelta(hours=work.policy.hours("receipt_shown"))
        kept: list[drafts.Kept] = []
        for draft, before, turn in applied:
            if turn.chat == before:
                continue
            if turn.chat.is_blank:
                await drafts.discard(work, draft)
            else:
                kept.append((draft, turn.chat.to_json(), shortly if turn.chat.place in _SHORT else None))
        await drafts.save_all(work, kept)

    async def apologise(self, incoming: Incoming) -> None:
        """Say that something went wrong here, and that what was stored is still there; raises `Later`, `Revoked`."""
        t = texts(choose_language(incoming.language))
        with suppress(Gone, TelegramBadRequest), understood():
            await self.bot(SendMessage(chat_id=incoming.chat, text=t("refused.other")))

    async def _decline_group(self, chat: int) -> None:
        """Say that we speak in private only, and leave: what is said in a group is heard by all of it."""
        both = "\n\n".join(texts(language)("group_chat") for language in LANGUAGES)
        with suppress(TelegramBadRequest), understood():
            await self.bot(SendMessage(chat_id=chat, text=both))
        with suppress(TelegramBadRequest), understood():
            await self.bot(LeaveChat(chat_id=chat))

    async def _facts(self, work: Work) -> House:
        if self._house is None:
            installation, settings, policy = await registry.installation(work.session), self.core.settings, work.policy
            local = f"http://{settings.host}:{settings.public_port}" if installation.is_demo else ""
            self._house = House(
                district=installation.district,
                is_demo=installation.is_demo,
                address=settings.public_url or local,
                days=policy.days("draft_kept"),
                mebibytes=fetching.MOST_BYTES // 2**20,
                characters=policy.characters("facts_text"),
            )
        return self._house

    async def _tidy(self, fetched: Fetched) -> None:
        """Delete the files of this update that nothing refers to; when that cannot be known, the sweep will do it."""
        if not fetched.files:
            return
        with suppress(Unavailable):
            async with self.core.work(_REPORTER, CHANNEL, write=False) as work:
                await attachments.remove_unregistered(work, self.vault, [UUID(name) for name in fetched.files])


def _says_purge(incoming: Incoming) -> bool:
    """Tell whether the words of the button that deletes messages were typed: it is rarely worth a look at the draft."""
    labels = {folded(texts(language)("purge.go")) for language in LANGUAGES}
    return incoming.kind == "text" and folded(incoming.text) in labels


def _held(incoming: Incoming, draft: drafts.Draft | None) -> Held:
    fresh = Chat(choose_language(incoming.language))
    if draft is None:
        return drafts.Draft(CHANNEL, str(incoming.chat)), fresh
    try:
        return draft, Chat.from_json(draft.content)
    except (Invalid, KeyError, TypeError, ValueError):  # written by a version whose drafts cannot be read any more
        return draft, fresh


def _named(chat: Chat) -> frozenset[str]:
    return files.file_ids(chat.state) if chat.state else frozenset()


def _takes_files(turn: Turn) -> bool:
    """Tell whether files are of use where the chat stands; elsewhere they are not even fetched."""
    chat = turn.chat
    at = chat.state.at if chat.state and chat.place == "form" else None
    asked = at is not None and turn.dialogue.form.by_name[at].kind in FILE_KINDS
    return not chat.asks and (asked or chat.place in _TAKE_FILES)
