"""Steps that staff take with an item or a case: done once however often they are sent, and by whoever saw it last."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request, Response

from admin_api.api.case_shapes import Added, Moved
from admin_api.api.gate import IdempotencyKey, needs
from admin_api.api.replies import do_once
from admin_api.revisions import case_revision, require_case_seen, require_seen
from core.app import access, cases
from core.cases import proceedings
from core.work import Work

SeenItem = Annotated[str | None, Header(alias="If-Match", description="The ETag of the item as the caller saw it.")]
SeenCase = Annotated[
    str | None, Header(alias="If-Match", description="The ETag of the case as the caller saw it: its version.")
]

Answer = TypeVar("Answer", bound=Moved)


class Stands(Protocol):
    """What a verb that moves a case gives back."""

    @property
    def state(self) -> str:
        """Where the case stands."""

    @property
    def version(self) -> int:
        """How many steps it has taken."""


class Made(Protocol):
    """What a verb that adds to a case gives back."""

    @property
    def id(self) -> UUID:
        """The id of the entry."""


@dataclass(frozen=True, slots=True)
class ItemStep:
    """A step with one item, of a caller who has passed the gate."""

    request: Request
    work: Work
    item_id: UUID
    key: str = field(repr=False)
    seen: str | None

    async def take(self, act: Callable[[], Awaitable[access.Result]]) -> access.Result:
        """Do what ``act`` does, once.

        Raises `NotFound` for an item that the caller may not know of, and `Stale` when they saw an earlier one.
        """

        async def first_time() -> access.Result:
            require_seen(await cases.summary(self.work, self.item_id), self.seen)
            return await act()

        return await do_once(self.request, self.work, self.key, first_time)


@dataclass(frozen=True, slots=True)
class CaseStep:
    """A step in one case, of a caller who has passed the gate. The answer carries the ETag of what came of it."""

    request: Request
    response: Response
    work: Work
    case_id: UUID
    key: str = field(repr=False)
    seen: str | None

    async def take(self, act: Callable[[], Awaitable[access.Result]]) -> access.Result:
        """Do what ``act`` does, once, while nobody else changes the case.

        Raises `NotFound` for a case that the caller may not know of, `Denied` for one from which they stepped aside,
        and `Stale` when they saw an earlier version.
        """

        async def first_time() -> access.Result:
            require_case_seen(await proceedings.held_still(self.work, self.case_id), self.seen)
            return await act()

        return await do_once(self.request, self.work, self.key, first_time)

    async def move(self, act: Callable[[], Awaitable[Stands]]) -> Moved:
        """Take a step whose verb gives back the case; raises as `take`."""

        async def moved() -> access.Result:
            case = await act()
            return {"case_id": str(self.case_id), "state": case.state, "version": case.version}

        return self._with_etag(Moved.model_validate(await self.take(moved)))

    async def add(self, act: Callable[[], Awaitable[Made]]) -> Added:
        """Take a step whose verb gives back the entry that it made; raises as `take`."""

        async def added() -> access.Result:
            entry = await act()
            case = await proceedings.summary(self.work, self.case_id)
            ids = {"id": str(entry.id), "case_id": str(self.case_id)}
            return {**ids, "state": case.state, "version": case.version}

        return self._with_etag(Added.model_validate(await self.take(added)))

    def _with_etag(self, answer: Answer) -> Answer:
        self.response.headers["etag"] = case_revision(answer.version)
        return answer


def item_step(permission: str) -> Any:  # noqa: ANN401 - stands as the annotation of a parameter
    """Depend on an `ItemStep` of a caller who has ``permission``."""

    async def enter(
        item_id: UUID,
        request: Request,
        key: IdempotencyKey,
        work: Annotated[Work, needs(permission)],
        seen: SeenItem = None,
    ) -> ItemStep:
        return ItemStep(request, work, item_id, key, seen)

    return Depends(enter)


def case_step(permission: str) -> Any:  # noqa: ANN401 - as above
    """Depend on a `CaseStep` of a caller who has ``permission``."""

    async def enter(
        case_id: UUID,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        work: Annotated[Work, needs(permission)],
        seen: SeenCase = None,
    ) -> CaseStep:
        return CaseStep(request, response, work, case_id, key, seen)

    return Depends(enter)
