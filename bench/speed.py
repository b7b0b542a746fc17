"""Rounds: the reference, ours, the reference, ours … over the same requests, and what they come to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from bench.client import Load, Run
from bench.figures import Figure, Target, figure, median, percentile
from bench.homes import UNIT, Home
from bench.processes import Server
from bench.reports import prepared, receipt_in

INTAKE: Final = ("jingshi", "serve", "--only", "intake")
_JUDGED: Final = 16  # the targets are set for this many at once
_RATE: Final = Target("≥", 100)
_P99: Final = Target("<", 250)
_WARM_UP: Final = 64


@dataclass(frozen=True, slots=True)
class Round:
    """One run against one server."""

    run: Run
    cpu: float
    rss: float

    def raw(self) -> dict[str, Any]:
        """Return it as it is kept: seconds, CPU-seconds, MiB, latencies in ms."""
        kept = asdict(self) | {"run": None}
        run = self.run
        return kept | {
            "run": {
                "accepted": len(run.latencies),
                "refused": run.refused,
                "seconds": round(run.seconds, 4),
                "client_cpu": round(run.client_cpu, 4),
                "latencies_ms": [round(each * 1000, 2) for each in run.latencies],
            }
        }


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of both servers at one concurrency, in pairs."""

    at_once: int
    reference: Sequence[Round]
    ours: Sequence[Round]

    def raw(self) -> dict[str, Any]:
        """Return the pairs as they are kept."""
        return {"reference": [each.raw() for each in self.reference], "ours": [each.raw() for each in self.ours]}


async def measure(home: Home, *, rounds: int, reports: Mapping[int, int]) -> list[Rounds]:
    """Measure ``rounds`` pairs at each concurrency of ``reports``, which says how many a round posts.

    Both servers run all the time. Raises `ValueError` unless every accepted report has a receipt of its own.
    """
    port = home.port + 2
    reference = Server.running(("bench.reference", str(port), home.reference_url), home.environment, port)
    with reference as theirs, Server.running(INTAKE, home.environment, home.port) as intake:
        pair = (theirs, intake)
        for server in pair:
            await server.answers()
            await one_round(server, range(_WARM_UP), at_once=max(reports))
        found = []
        for at_once, number in reports.items():
            pairs = [[await one_round(each, range(number), at_once=at_once) for each in pair] for _ in range(rounds)]
            found.append(Rounds(at_once, *zip(*pairs, strict=True)))
    require_receipts(found)
    return found


async def one_round(server: Server, numbers: range, *, at_once: int) -> Round:
    """Post the reports of ``numbers`` to a server."""
    requests = prepared(numbers, unit=UNIT)
    before = server.cpu()
    run = await Load(server.port, requests, at_once=at_once).finish()
    return Round(run, server.cpu() - before, server.rss())


def figures(name: str, found: Rounds) -> Iterator[Figure]:
    """Yield the lines of one concurrency."""
    label = f"{name}, {found.at_once} at once"
    judged = found.at_once == _JUDGED
    ours, theirs = found.ours, found.reference
    yield figure(f"{label}: reports", rate(ours), "1/s", reference=rate(theirs), target=_RATE if judged else None)
    ratios = [mine.run.rate / other.run.rate for mine, other in zip(ours, theirs, strict=True)]
    yield figure(f"{label}: share of the reference's rate", median(ratios), "ratio")
    for share in (0.5, 0.99):
        target = _P99 if judged and share > 0.5 else None  # noqa: PLR2004 - the median has no target
        value, reference = latency(ours, share), latency(theirs, share)
        yield figure(f"{label}: p{share * 100:.0f}", value, "ms", reference=reference, target=target)
    yield figure(f"{label}: CPU of intake", cpu(ours), "s/report", reference=cpu(theirs))
    yield figure(f"{label}: CPU of the client", client_cpu(ours), "s/report", reference=client_cpu(theirs))
    yield figure(f"{label}: refused", sum(each.run.refused for each in ours), "reports", target=Target("=", 0))
    yield figure(f"{label}: memory of intake (RSS)", ours[-1].rss, "MiB", reference=theirs[-1].rss)


def require_receipts(found: Sequence[Rounds]) -> None:
    """Raise `ValueError` unless every report that ours accepted was answered with a receipt of its own."""
    pages = [page for each in found for one in each.ours for page in one.run.accepted.values()]
    if len({receipt_in(page) for page in pages}) != len(pages):
        raise ValueError("two reports were answered with one receipt")


def rate(rounds: Sequence[Round]) -> float:
    """Return the accepted requests per second, the median of the rounds."""
    return median([each.run.rate for each in rounds])


def latency(rounds: Sequence[Round], share: float) -> float:
    """Return a percentile of the latencies of all rounds, in ms."""
    return percentile([latency for each in rounds for latency in each.run.latencies], share) * 1000


def cpu(rounds: Sequence[Round]) -> float:
    """Return the CPU-seconds of the server for each accepted request, the median of the rounds."""
    return median([each.cpu / len(each.run.latencies) for each in rounds])


def client_cpu(rounds: Sequence[Round]) -> float:
    """Return the CPU-seconds of the client for each accepted request, the median of the rounds."""
    return median([each.run.client_cpu / len(each.run.latencies) for each in rounds])
