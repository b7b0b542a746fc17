"""What tests hold in their hands: a peer, bots in it, people who talk to them."""

import asyncio
import base64
import ssl
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

import httpx

from tests.peer.description import Json
from tests.peer.limits import Figures
from tests.peer.state import Fault
from tests.peer.switches import Effect
from tests.peer.transcript import View

PATIENCE = 30.0
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # all is on the loopback, and certificates are slow to load
TOKEN = "100:peer"
Kind = Literal["photo", "document", "voice", "video", "video_note", "audio", "sticker"]


class Impossible(Exception):
    """A test asked for what no person can do."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a person sends; ``size`` claims more bytes than there are."""

    data: bytes
    name: str = "file.bin"
    mime: str = "application/octet-stream"
    size: int | None = None


@dataclass(slots=True)
class Peer:
    """A running peer."""

    url: str
    http: httpx.AsyncClient

    @classmethod
    @asynccontextmanager
    async def at(cls, url: str) -> AsyncIterator[Self]:
        """Talk to the peer at an address, made as new; a bad request of a bot that no test read fails at the end."""
        async with httpx.AsyncClient(base_url=url, timeout=60, verify=NO_TLS) as http:
            peer = cls(url, http)
            await peer.ask("reset")
            yield peer
            unread = [fault for fault in await peer.faults() if fault.kind in {"malformed", "unserved"}]
            assert not unread, f"a bot sent bad requests: {unread}"

    async def ask(self, verb: str, **given: object) -> Any:  # noqa: ANN401 - what JSON brings
        """Carry out a verb of the control side."""
        answer = await self.http.post(f"/peer/{verb}", json=given)
        if answer.status_code == 409:
            raise Impossible(answer.json()["impossible"])
        return answer.raise_for_status().json()["result"]

    async def bot(self, token: str = TOKEN, *, username: str = "peer_bot", reads_groups: bool = False) -> "Bot":
        """Make a bot; the one before it with this token is forgotten."""
        await self.ask("make_bot", token=token, username=username, reads_groups=reads_groups)
        return Bot(self, token)

    async def settled(self, seconds: float = PATIENCE) -> None:
        """Wait until the bots have taken every update and no request of theirs is in flight."""
        found = await self.ask("settled", seconds=seconds)
        assert found["settled"], f"not settled after {seconds} seconds: {found}"

    async def faults(self) -> list[Fault]:
        """Return what the peer refused on its own account since the last time, and forget it."""
        found = await self.ask("faults")
        return [Fault(**{name: value for name, value in fault.items() if name != "bot"}) for fault in found]

    async def move_clock(self, seconds: float) -> float:
        """Move the peer's clock on; return what it shows."""
        return float(await self.ask("move_clock", seconds=seconds))


@dataclass(slots=True)
class Bot:
    """One bot in the peer."""

    peer: Peer
    token: str

    @property
    def url(self) -> str:
        """Where this bot finds its methods."""
        return f"{self.peer.url}/bot{self.token}"

    async def ask(self, verb: str, **given: object) -> Any:  # noqa: ANN401 - what JSON brings
        return await self.peer.ask(verb, token=self.token, **given)

    async def person(
        self, name: str = "Lin", *, language: str = "zh-hans", username: str = "", user_id: int = 0
    ) -> "Person":
        """Make a person who talks to this bot."""
        given = {"first_name": name, "language_code": language, "username": username, "id": user_id}
        return Person(self, await self.peer.ask("make_person", **given))

    async def group(self, title: str, *members: "Person") -> int:
        """Make a group with the bot in it; return its id."""
        return int(await self.ask("make_group", title=title, members=[person.id for person in members]))

    async def migrate(self, group: int, person: "Person") -> int:
        """Turn a group into a supergroup; return its new id."""
        return int(await self.ask("migrate", person=person.id, chat=group))

    async def raw(self, kind: str, body: Json) -> int:
        """Send an update as it is, of whatever type."""
        return int(await self.ask("raw", kind=kind, body=body))

    async def trouble(
        self,
        effect: Effect,
        *methods: str,
        times: int = 1,
        chat: int | None = None,
        seconds: float = 0.0,
        **error: object,
    ) -> None:
        """Let something happen to the next requests of these methods (see ``tests.peer.switches.Trouble``)."""
        trouble = {"effect": effect, "methods": methods, "times": times, "chat": chat, "seconds": seconds, **error}
        await self.ask("trouble", trouble=trouble)

    async def too_many(self, *methods: str, retry_after: int, times: int = 1) -> None:
        """Answer 429 to the next requests of these methods."""
        words = f"Too Many Requests: retry after {retry_after}"
        parameters = {"retry_after": retry_after}
        await self.trouble("answer", *methods, times=times, code=429, description=words, parameters=parameters)

    async def calm(self) -> None:
        """Switch all troubles off; delays end at once."""
        await self.ask("calm")

    async def down(self, *, down: bool = True) -> None:
        """Take the API away from this bot, or bring it back."""
        await self.ask("down", down=down)

    async def lose_answers(self, times: int) -> None:
        """Treat the bot's next answers to updates as if they had not come."""
        await self.ask("lose_answers", times=times)

    async def limit(self, figures: Figures | None = None, *, on: bool = True) -> None:
        """Switch the limits of sending on or off."""
        await self.ask("limits", figures=asdict(figures or Figures()) if on else None)

    async def revoke(self) -> None:
        """Make the token worthless."""
        await self.ask("revoke")

    async def sent(self) -> list[Json]:
        """Return every accepted message: at, method, chat."""
        return list(await self.ask("log", of="sent"))

    async def requests(self, *methods: str) -> list[Json]:
        """Return every request that was answered: at, method, chat, code (444: without an answer)."""
        return [line for line in await self.ask("log", of="requests") if not methods or line["method"] in methods]

    async def attempts(self) -> list[Json]:
        """Return every delivery to a webhook: at, update_id, status, lost, pause."""
        return list(await self.ask("log", of="attempts"))

    async def profile(self) -> Json:
        """Return what the bot set: commands, descriptions, menu button, webhook, allowed_updates."""
        return dict(await self.ask("profile"))


@dataclass(slots=True)
class Person:
    """Somebody who talks to a bot, in private or (``chat``) in a group."""

    bot: Bot
    id: int
    chat: int | None = None
    _groups: int = field(default=0)

    def within(self, group: int) -> "Person":
        """Return the same person as a member of a group."""
        return Person(self.bot, self.id, group)

    async def _do(self, verb: str, **given: object) -> Any:  # noqa: ANN401 - what JSON brings
        return await self.bot.ask(verb, person=self.id, chat=self.chat, **given)

    async def says(self, text: str, *, reply_to: int | None = None, origin: Json | None = None) -> int:
        """Write a text, or forward one from ``origin`` (a ``MessageOrigin``); return the id of the message."""
        return int(await self._do("say", text=text, reply_to=reply_to, more=_forwarded(origin)))

    async def edits(self, message: int, text: str) -> None:
        await self._do("edit", message=message, text=text)

    async def presses(self, label: str, *, message: int | None = None, of: "Person | None" = None) -> str:
        """Press a button of the newest message that has it, or of ``message``; ``of`` names whose chat it is in."""
        chat = self.chat if of is None else of.chat or of.id
        return str(await self.bot.ask("press", person=self.id, chat=chat, label=label, message=message))

    async def sends(
        self, kind: Kind, file: Attachment, *, caption: str = "", group: str = "", origin: Json | None = None
    ) -> int:
        """Send a file; return the id of the message."""
        more = _forwarded(origin) | ({"caption": caption} if caption else {})
        more |= {"media_group_id": group} if group else {}
        data = base64.b64encode(file.data).decode()
        given = {"data": data, "name": file.name, "mime": file.mime, "size": file.size}
        return int(await self._do("send", kind=kind, file=given, more=more))

    async def sends_album(self, files: Iterable[Attachment], *, kind: Kind = "photo", caption: str = "") -> list[int]:
        """Send several files as one album; the first has the caption."""
        self._groups += 1
        group = f"{self.id}{self._groups:06d}"
        return [
            await self.sends(kind, file, caption=caption if i == 0 else "", group=group) for i, file in enumerate(files)
        ]

    async def posts(self, content: Json) -> int:
        """Send a message with any other content, such as a poll (see ``tests.peer.contents``)."""
        return int(await self._do("post", content=content))

    async def blocks(self) -> None:
        await self._do("member", inside=False)

    async def unblocks(self) -> None:
        await self._do("member", inside=True)

    async def is_deactivated(self) -> None:
        await self._do("deactivate")

    async def clears_chat(self) -> None:
        """Delete the history on their side; the bot is not told."""
        await self._do("clear")

    async def sees(self) -> View:
        """Return the chat as it is now."""
        return View(await self._view())

    async def sees_when(self, reached: Callable[[View], bool], seconds: float = PATIENCE) -> View:
        """Wait until the chat shows something; return it then."""
        view = await self.sees()
        async with asyncio.timeout(seconds):
            while not reached(view):
                view = View(await self._view(after=view.version, seconds=seconds))
        return view

    async def opens(self, unique: str) -> bytes:
        """Return the bytes of a file that the chat shows."""
        return base64.b64decode(await self.bot.ask("file", unique=unique))

    async def _view(self, **more: object) -> Json:
        return dict(await self.bot.ask("view", chat=self.chat or self.id, **more))


def _forwarded(origin: Json | None) -> Json:
    return {} if origin is None else {"forward_origin": origin}


def most_in_a_second(moments: Sequence[float]) -> int:
    """Return the most moments that lie within any rolling second."""
    ordered = sorted(moments)
    return max((bisect_left(ordered, first + 1) - i for i, first in enumerate(ordered)), default=0)
