"""``python -m bench``: measure, print, write. ``PARTS`` names some parts; ``QUICK=1`` measures less."""

import json
import os
import secrets
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import uvloop

from bench import (
    case_entering,
    case_homes,
    cases,
    chat_loss,
    chats,
    eligibility,
    holding,
    rounds,
    sender,
    speed,
    station_homes,
    station_pages,
    terms,
)
from bench.figures import Figure, table, write
from bench.homes import Home, cluster
from bench.machine import describe
from tests.databases import Cluster

ELSEWHERE: Final = (
    "For comparison, not measured here: GlobaLeaks 5.0.15 on such a machine took 0.36 reports/s as shipped\n"
    "(21.5 with its key derivation removed), and refused 270 of 500 reports at 16 at once."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    ``reports`` are those of one round, by how many are posted at once; ``chats`` are the conversations of one round, by
    how many are held at once. ``held`` are the conversations with a kill midway, ``owed`` the messages to send. The
    pages over ``cases``, beside those over the ``few``, are asked for ``times`` times; ``entries`` are entered at once.
    ``questions`` are those of the personnel system over as many measures, and so many ``terms`` run out. ``obliged``
    stations are in a round of the stations, ``prompted`` people are written to, and so many ``kills`` come meanwhile.
    The stations' pages are asked for over so many ``obligations``, beside those over the ``few``.
    """

    rounds: int
    reports: Mapping[int, int]
    killed: int
    growth: tuple[int, int]
    starts: int
    chats: Mapping[int, int]
    held: int
    owed: int
    cases: int
    few: int
    times: int
    entries: int
    questions: int
    terms: int
    obliged: int
    prompted: int
    kills: int
    obligations: int


FULL: Final = Plan(
    rounds=3,
    reports={1: 200, 16: 600, 64: 600},
    killed=2_000,
    growth=(2_000, 10_000),
    starts=3,
    chats={1: 8, 16: 32, 64: 64},
    held=2_000,
    owed=300,
    cases=100_000,
    few=1_000,
    times=100,
    entries=640,
    questions=2_000,
    terms=10_000,
    obliged=1_000,
    prompted=1_800,
    kills=20,
    obligations=100_000,
)
QUICK: Final = Plan(
    rounds=2,
    reports={1: 20, 16: 80, 64: 80},
    killed=160,
    growth=(100, 300),
    starts=1,
    chats={1: 1, 16: 16},
    held=16,
    owed=30,
    cases=2_000,
    few=1_000,
    times=5,
    entries=128,
    questions=200,
    terms=200,
    obliged=60,
    prompted=90,
    kills=4,
    obligations=2_000,
)


Measure = Callable[[Sequence[Home], Plan, list[Figure]], Awaitable[dict[str, Any]]]


async def measure(part: str, plan: Plan, folder: Path, postgresql: Cluster) -> tuple[list[Figure], dict[str, Any]]:
    """Measure a part on both databases; return the lines, and what they were made of."""
    figures: list[Figure] = []
    raw: dict[str, Any] = {}
    names, measured = PARTS[part]
    for backend in ("SQLite", "PostgreSQL"):
        here = folder / backend
        here.mkdir(exist_ok=True)
        homes = [await _home(backend, here, each, postgresql) for each in names]
        raw[backend] = await measured(homes, plan, figures)
    return figures, raw


async def _home(backend: str, folder: Path, name: str, postgresql: Cluster) -> Home:
    """Make a home that holds nothing yet, and name a database for the references beside it."""
    here = folder / name
    here.mkdir()
    if backend == "SQLite":
        urls = f"sqlite:///{here}/home/jingshi.sqlite3", f"sqlite:///{here}/reference.sqlite3"
    else:
        urls = postgresql.url(f"home_{name}"), postgresql.url(f"reference_{name}")
    return await Home.make(backend, here, *urls)


async def _measure_chats(homes: Sequence[Home], plan: Plan, figures: list[Figure]) -> dict[str, Any]:
    (home,) = homes
    raw: dict[str, Any] = {}
    _say(f"{home.name}: owed messages")
    sent = await sender.sending(home, plan.owed)
    figures += sender.sending_figures(home.name, sent)
    with chats.Site.open(home) as site:
        _say(f"{home.name}: conversations, kill -9")
        lost = await chat_loss.loss(site, plan.held)
        figures += chat_loss.loss_figures(home.name, lost)
        _say(f"{home.name}: rounds of conversations")
        for triples in await chats.measure(site, rounds=plan.rounds, conversations=plan.chats):
            figures += chats.figures(home.name, triples)
            raw[f"chat, {triples.at_once} at once"] = triples.raw()
    return raw | {"owed": asdict(sent), "conversations_kill": asdict(lost)}


async def _measure_cases(homes: Sequence[Home], plan: Plan, figures: list[Figure]) -> dict[str, Any]:
    many, few = homes
    _say(f"{many.name}: {plan.cases:,} cases")
    full, beside = await case_homes.filled(many, plan.cases), await case_homes.filled(few, plan.few)
    _say(f"{many.name}: a measure in each")
    warned = await eligibility.warned(full), await eligibility.warned(beside)
    _say(f"{many.name}: pages over them")
    asked = await cases.measure(full, beside, times=plan.times)
    figures += cases.figures(many.name, asked)
    _say(f"{many.name}: clerks at once")
    entered = await case_entering.entering(full, plan.entries)
    figures += case_entering.entering_figures(many.name, entered)
    _say(f"{many.name}: whom the measures block")
    questions = await eligibility.measure(*warned, times=plan.questions)
    figures += eligibility.figures(many.name, questions)
    return {"case pages": asked.raw(), "entries": asdict(entered), "eligibility": asdict(questions)}


async def _measure_terms(homes: Sequence[Home], plan: Plan, figures: list[Figure]) -> dict[str, Any]:
    (home,) = homes
    _say(f"{home.name}: {plan.terms:,} terms")
    carried = await terms.carrying(home, plan.terms)
    figures += terms.carrying_figures(home.name, carried)
    return {"terms": asdict(carried)}


async def _measure_rounds(homes: Sequence[Home], plan: Plan, figures: list[Figure]) -> dict[str, Any]:
    (home,) = homes
    seed = secrets.randbits(32)
    _say(f"{home.name}: a round of {plan.obliged:,} stations, kills from seed {seed}")
    prompted = await rounds.prompting(home, plan.obliged, plan.prompted, plan.kills, seed)
    figures += rounds.prompting_figures(home.name, prompted)
    return {"round": asdict(prompted)}


async def _measure_station_pages(homes: Sequence[Home], plan: Plan, figures: list[Figure]) -> dict[str, Any]:
    many, few = homes
    _say(f"{many.name}: {plan.obligations:,} obligations of stations")
    full, beside = [await station_homes.stationed(*each) for each in ((many, plan.obligations), (few, plan.few))]
    _say(f"{many.name}: pages over them")
    asked = await station_pages.measure(full, beside, times=plan.times)
    figures += station_pages.figures(many.name, asked)
    return {"station pages": asked.raw()}


async def _measure_reports(homes: Sequence[Home], plan: Plan, figures: list[Figure]) -> dict[str, Any]:
    (home,) = homes
    raw: dict[str, Any] = {}
    _say(f"{home.name}: kill -9")
    lost = await holding.loss(home, plan.killed)
    figures += holding.loss_figures(home.name, lost)
    _say(f"{home.name}: rounds")
    for found in await speed.measure(home, rounds=plan.rounds, reports=plan.reports):
        figures += speed.figures(home.name, found)
        raw[f"{found.at_once} at once"] = found.raw()
    _say(f"{home.name}: memory")
    weighed = await holding.growth(home, *plan.growth)
    figures += holding.growth_figures(home.name, *plan.growth, weighed)
    _say(f"{home.name}: first answers")
    starts = await holding.first_answers(home, plan.starts)
    figures += holding.start_figures(home.name, starts)
    return raw | {"kill": asdict(lost), "memory_mib": weighed, "starts_s": starts}


PARTS: Final[Mapping[str, tuple[Sequence[str], Measure]]] = {
    "reports": (("pages",), _measure_reports),
    "chats": (("chats",), _measure_chats),
    "cases": (("cases", "few"), _measure_cases),
    "terms": (("terms",), _measure_terms),
    "rounds": (("rounds",), _measure_rounds),
    "stations": (("stations", "few_stations"), _measure_station_pages),
}
"""What can be measured alone: the homes that it needs, and how."""


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print, and write each part as soon as it is measured; what was measured less of is not kept."""
    quick = bool(os.environ.get("QUICK"))
    plan = QUICK if quick else FULL
    parts = os.environ.get("PARTS", " ".join(PARTS)).split()
    if unknown := set(parts) - set(PARTS):
        sys.exit(f"PARTS are {' '.join(PARTS)}, not {' '.join(sorted(unknown))}")
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name, cluster(Path(name) / "postgresql") as postgresql:
        for part in parts:
            machine = describe(Path(name), postgresql.url("postgres"))
            figures, raw = uvloop.run(measure(part, plan, Path(name), postgresql))
            if not quick:
                write(part, figures, {"plan": asdict(plan), "machine": machine, **raw})
            print(json.dumps(machine, ensure_ascii=False))
            print(table(figures), flush=True)
            missed += [each.name for each in figures if each.met is False]
    print(ELSEWHERE)
    print(f"Targets missed: {'; '.join(missed) or 'none'}")


if __name__ == "__main__":
    main()
