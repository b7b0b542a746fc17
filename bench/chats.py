"""Rounds in a chat: the bot that stores nothing, the one that stores plainly, ours, over the same conversations."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, Final

from bench.client import Connection
from bench.conversations import PATH, SILENT_PATH, chat_of, prepared
from bench.deliveries import Deliveries
from bench.figures import Figure, Target, figure, median
from bench.homes import Home
from bench.processes import Server
from bench.speed import INTAKE, Round, client_cpu, cpu, latency, rate
from bots.webhook import webhook_secret
from core.sealing import load_process_keys
from tests.databases import free_port

KINDS: Final = ("no store", "plain", "ours")
"""The two references, and ours."""

_JUDGED: Final = 16  # the targets are set for this many chats at once
_SHARE: Final = Target("≥", 0.7)
_STRETCH: Final = Target("≥", 0.5)
_P99: Final = Target("<", 60)
_TOKEN: Final = "100:informant"  # noqa: S105 - of a bot that only the stub knows


@dataclass(frozen=True, slots=True)
class Site:
    """Where ours runs as a bot: its home, and the stub that it speaks to."""

    home: Home
    platform: Server
    secret: str

    @classmethod
    @contextmanager
    def open(cls, home: Home) -> Iterator["Site"]:
        """Run the stub as long as the block lasts."""
        secret = webhook_secret(load_process_keys(home.settings.keys, "intake"), "informant")
        port = free_port()
        with Server.running(("bench.botapi", str(port)), home.environment, port) as platform:
            yield cls(home, platform, secret)

    @property
    def api(self) -> str:
        """The address of the stub."""
        return f"http://127.0.0.1:{self.platform.port}"

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of intake, with the bot switched on and delivered to."""
        told = {
            "JINGSHI_INFORMANT_TOKEN": _TOKEN,
            "JINGSHI_TELEGRAM_API": self.api,
            "JINGSHI_PUBLIC_URL": f"http://127.0.0.1:{self.home.port}",
        }
        return {**self.home.environment, **told}

    async def receipts(self) -> dict[int, list[str]]:
        """Return the receipts that reached the stub, by chat."""
        connection = await Connection.to(self.platform.port)
        answer = await connection.send(b"GET /receipts HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        connection.close()
        return {int(chat): receipts for chat, receipts in json.loads(answer.body).items()}


@dataclass(frozen=True, slots=True)
class Triples:
    """The rounds of the three at one concurrency; ``silent`` are those of the first when it does not even answer."""

    at_once: int
    rounds: Mapping[str, Sequence[Round]]
    silent: Sequence[Round]

    def raw(self) -> dict[str, Any]:
        """Return the rounds as they are kept."""
        every = {**self.rounds, "silent": self.silent}
        return {kind: [each.raw() for each in rounds] for kind, rounds in every.items()}


async def measure(site: Site, *, rounds: int, conversations: Mapping[int, int]) -> list[Triples]:
    """Measure ``rounds`` triples at each concurrency of ``conversations``, which says how many a round holds.

    All servers run all the time. Raises `ValueError` unless every conversation with ours ended in a receipt of its own.
    """
    found, numbers = [], count()
    with _running(site) as servers:
        warm_up = _taken(numbers, max(conversations))
        for server in servers.values():
            await server.answers()
            await _round(site, server, warm_up, at_once=max(conversations))  # a bot that is not there yet refuses
        for at_once, number in conversations.items():
            triples: dict[str, list[Round]] = {kind: [] for kind in KINDS}
            silent = []
            for _ in range(rounds):
                told = _taken(numbers, number)
                for kind, server in servers.items():
                    triples[kind].append(await _round(site, server, told, at_once=at_once))
                if at_once == _JUDGED:
                    silent.append(await _round(site, servers[KINDS[0]], told, at_once=at_once, path=SILENT_PATH))
            found.append(Triples(at_once, triples, silent))
    require_receipts(await site.receipts(), range(next(numbers)))
    return found


def figures(name: str, found: Triples) -> Iterator[Figure]:
    """Yield the lines of one concurrency."""
    label = f"{name}, chat, {found.at_once} at once"
    judged = found.at_once == _JUDGED
    no_store, plain, ours = (found.rounds[kind] for kind in KINDS)
    yield figure(f"{label}: updates", rate(ours), "1/s", reference=rate(plain))
    share = _ratio(ours, plain)
    yield figure(f"{label}: share of the plain store's rate", share, "ratio", target=_SHARE if judged else None)
    stretch, of = (_STRETCH, " (stretch)") if judged else (None, "")
    yield figure(f"{label}: share of the rate without a store{of}", _ratio(ours, no_store), "ratio", target=stretch)
    for part in (0.5, 0.99):
        target = _P99 if judged and part > 0.5 else None  # noqa: PLR2004 - the median has no target
        value, reference = latency(ours, part), latency(plain, part)
        yield figure(f"{label}: p{part * 100:.0f}", value, "ms", reference=reference, target=target)
    yield figure(f"{label}: CPU of intake", cpu(ours), "s/update", reference=cpu(plain))
    yield figure(f"{label}: CPU of the client", client_cpu(ours), "s/update", reference=client_cpu(plain))
    yield figure(f"{label}: refused", sum(each.run.refused for each in ours), "updates", target=Target("=", 0))
    yield figure(f"{label}: memory of intake (RSS)", ours[-1].rss, "MiB", reference=plain[-1].rss)
    yield figure(f"{label}: updates without a store", rate(no_store), "1/s")
    if found.silent:
        yield figure(f"{label}: updates without a store or an answer", rate(found.silent), "1/s")


def require_receipts(receipts: Mapping[int, Sequence[str]], numbers: Iterable[int]) -> None:
    """Raise `ValueError` unless each of these conversations led to one receipt, and to one of its own."""
    given = [receipts.get(chat_of(number), ()) for number in numbers]
    if any(len(each) != 1 for each in given) or len({each[0] for each in given}) != len(given):
        raise ValueError("a conversation did not end with one receipt of its own")


@contextmanager
def _running(site: Site) -> Iterator[Mapping[str, Server]]:
    environment, store = site.home.environment, site.home.reference_url
    with ExitStack() as running:
        servers = {}
        for kind, words in ((KINDS[0], ()), (KINDS[1], (store,))):
            port = free_port()
            module = ("bench.chat_reference", str(port), site.api, *words)
            servers[kind] = running.enter_context(Server.running(module, environment, port))
        ours = Server.running(INTAKE, site.environment, site.home.port)
        yield servers | {KINDS[2]: running.enter_context(ours)}


async def _round(site: Site, server: Server, numbers: range, *, at_once: int, path: str = PATH) -> Round:
    conversations = prepared(numbers, secret=site.secret, path=path)
    before = server.cpu()
    run = await Deliveries(server.port, conversations, at_once=at_once).finish()
    return Round(run, server.cpu() - before, server.rss())


def _taken(numbers: "count[int]", some: int) -> range:
    first = next(numbers)
    *_, last = first, *islice(numbers, some - 1)
    return range(first, last + 1)


def _ratio(ours: Sequence[Round], theirs: Sequence[Round]) -> float:
    return median([mine.run.rate / other.run.rate for mine, other in zip(ours, theirs, strict=True)])
