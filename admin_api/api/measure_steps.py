"""Steps that staff take with a measure: done once however often they are sent, and by whoever saw it last."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request, Response

from admin_api.api.gate import IdempotencyKey, needs
from admin_api.api.measure_shapes import MovedMeasure
from admin_api.api.replies import do_once
from admin_api.revisions import case_revision, require_measure_seen
from core.app import access, warnings
from core.work import Work

SeenMeasure = Annotated[
    str | None, Header(alias="If-Match", description="The ETag of the measure as the caller saw it: its version.")
]
Hold = Callable[[Work, UUID], Awaitable[warnings.MeasureSummary]]
Answer = TypeVar("Answer", bound=MovedMeasure)
Act = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class MeasureStep:
    """A step with one measure, of a caller who has passed the gate. The answer carries the ETag of what came of it.

    ``subject_id`` is the measure, or what belongs to it; ``hold`` finds the measure and keeps it still.
    """

    request: Request
    response: Response
    work: Work
    subject_id: UUID
    hold: Hold
    key: str = field(repr=False)
    seen: str | None

    async def take(self, shape: type[Answer], act: Callable[[], Awaitable[access.Result]]) -> Answer:
        """Do what ``act`` does, once, while nobody else changes the measure; answer with where it stands then.

        Raises `NotFound` for a measure that the caller may not know of, `Denied` for whoever stepped aside from its
        case, and `Stale` when they saw an earlier version.
        """

        async def first_time() -> access.Result:
            held = await self.hold(self.work, self.subject_id)
            require_measure_seen(held, self.seen)
            done = await act()
            return {**standing(await warnings.measure(self.work, held.id)), **done}

        answer = shape.model_validate(await do_once(self.request, self.work, self.key, first_time))
        self.response.headers["etag"] = case_revision(answer.version)
        return answer

    async def move(self, act: Act) -> MovedMeasure:
        """Take a step that has nothing else to tell; raises as `take`."""

        async def moved() -> access.Result:
            await act()
            return {}

        return await self.take(MovedMeasure, moved)


def standing(measure: warnings.MeasureSummary) -> access.Result:
    """Return where a measure stands, as it is kept for a request that is sent again."""
    ids = {"measure_id": str(measure.id), "case_id": str(measure.case_id)}
    return {**ids, "state": measure.state, "version": measure.version}


def measure_step(permission: str) -> Any:  # noqa: ANN401 - stands as the annotation of a parameter
    """Depend on a `MeasureStep` of a caller who has ``permission``."""

    async def enter(
        measure_id: UUID,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        work: Annotated[Work, needs(permission)],
        seen: SeenMeasure = None,
    ) -> MeasureStep:
        return MeasureStep(request, response, work, measure_id, warnings.measure_held_still, key, seen)

    return Depends(enter)


def remedy_step(permission: str) -> Any:  # noqa: ANN401 - as above
    """Depend on a `MeasureStep` with a review or an appeal, of a caller who has ``permission``."""

    async def enter(
        remedy_id: UUID,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        work: Annotated[Work, needs(permission)],
        seen: SeenMeasure = None,
    ) -> MeasureStep:
        return MeasureStep(request, response, work, remedy_id, warnings.remedy_held_still, key, seen)

    return Depends(enter)


def told_step(permission: str) -> Any:  # noqa: ANN401 - as above
    """Depend on a `MeasureStep` with the notice to one unit, of a caller who has ``permission``."""

    async def enter(
        told_id: UUID,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        work: Annotated[Work, needs(permission)],
        seen: SeenMeasure = None,
    ) -> MeasureStep:
        return MeasureStep(request, response, work, told_id, warnings.told_held_still, key, seen)

    return Depends(enter)
