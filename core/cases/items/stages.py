"""The stage of an item as its reporter is told: written by whoever moves its case on, read by the receipt."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from core.cases.items.tables import ItemStage
from core.cases.rules.stages import Stage
from core.work import Work


async def set_stage(work: Work, item_ids: Collection[UUID], stage: Stage) -> Collection[UUID]:
    """Note the stage of items; return those for which it is a new one. The caller has checked who may."""
    rows = await work.session.scalars(select(ItemStage).where(ItemStage.item_id.in_(item_ids)))
    known = {row.item_id: row for row in rows}
    changed = [one for one in item_ids if one not in known or known[one].stage != stage]
    for item_id in changed:
        if item_id in known:
            known[item_id].stage, known[item_id].since = stage, work.hour()
        else:
            work.session.add(ItemStage(item_id=item_id, stage=stage, since=work.hour()))
    return changed


async def stage_of_item(work: Work, item_id: UUID) -> ItemStage | None:
    """Return how far the work on an item has come; nothing as long as nobody has begun."""
    return await work.session.get(ItemStage, item_id)
