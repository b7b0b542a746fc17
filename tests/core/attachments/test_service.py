"""Attachments in the database: unclaimed, claimed, described with the item's key, swept."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core import attachments
from core.app import App
from core.attachments import AttachmentView, StoredFile, Vault
from core.attachments.tables import Attachment
from core.errors import Conflict, NotFound
from core.sealing import KeyPair
from core.work import Reporter, System
from tests.conftest import FixedClock
from tests.core.attachments.samples import pieces

ITEM, KEY = uuid4(), KeyPair.new()
HEAD = b"%PDF-1.7\n"


async def stored(app: App, vault: Vault, name: str = "发票.pdf") -> StoredFile:
    file = await attachments.store(vault, pieces(HEAD + name.encode()), name=name)
    async with app.work(Reporter(), "web") as work:
        attachments.register(work, file)
    return file


async def claimed(app: App, vault: Vault, *names: str) -> list[StoredFile]:
    files = [await stored(app, vault, name) for name in names]
    async with app.work(Reporter(), "web") as work:
        await attachments.claim(work, files, ITEM, KEY.public)
    return files


async def described(app: App, key: KeyPair = KEY) -> Sequence[AttachmentView]:
    async with app.work(System("test"), "console", write=False) as work:
        return await attachments.describe(work, ITEM, key)


async def swept(app: App, vault: Vault) -> int:
    async with app.work(System("tick"), "worker") as work:
        return await attachments.sweep(work, vault)


async def rows(app: App) -> int:
    async with app.database.transaction(write=False) as session:
        return await session.scalar(select(func.count()).select_from(Attachment)) or 0


def names_on_disk(vault: Vault) -> set[str]:
    return {path.name for path in vault.folder.rglob("*") if path.is_file()}


async def test_the_item_key_alone_tells_names_and_opens_files(intake: App, desk: App, vault: Vault) -> None:
    first, second = await claimed(intake, vault, "乙.pdf", "甲.pdf")
    views = await described(desk)
    assert [view.name for view in views] == ["乙.pdf", "甲.pdf"]
    assert (views[0].size, views[0].sha256, views[0].clean_copy_id) == (first.size, first.sha256.hex(), None)
    async with desk.work(System("test"), "console", write=False) as work:
        found = await attachments.find(work, ITEM, second.id, KEY)
    assert found == second
    assert b"".join([chunk async for chunk in attachments.read(vault, found)]) == HEAD + "甲.pdf".encode()
    assert await described(desk, KeyPair.new()) == []


async def test_the_row_holds_no_name_no_digest_and_no_key_in_clear(intake: App, vault: Vault) -> None:
    (file,) = await claimed(intake, vault, "发票.pdf")
    async with intake.database.transaction(write=False) as session:
        row = (await session.scalars(select(Attachment))).one()
    assert row.envelope is not None
    for plain in ("发票".encode(), b"application/pdf", file.key, file.key.hex().encode(), file.sha256.hex().encode()):
        assert plain not in row.envelope


async def test_a_file_is_claimed_once(intake: App, vault: Vault) -> None:
    (file,) = await claimed(intake, vault, "发票.pdf")
    with pytest.raises(Conflict) as told:
        async with intake.work(Reporter(), "web") as work:
            await attachments.claim(work, [file], uuid4(), KeyPair.new().public)
    assert told.value.code == "attachment_gone"
    assert len(await described(intake)) == 1


async def test_a_claim_with_one_unknown_file_claims_none(intake: App, vault: Vault) -> None:
    known = await stored(intake, vault)
    unknown = await attachments.store(vault, pieces(HEAD), name="b.pdf")
    with pytest.raises(Conflict):
        async with intake.work(Reporter(), "web") as work:
            await attachments.claim(work, [known, unknown], ITEM, KEY.public)
    assert await described(intake) == []


async def test_the_attachment_of_another_item_is_not_found(intake: App, desk: App, vault: Vault) -> None:
    (file,) = await claimed(intake, vault, "发票.pdf")
    async with desk.work(System("test"), "console", write=False) as work:
        with pytest.raises(NotFound):
            await attachments.find(work, uuid4(), file.id, KEY)


async def test_an_unclaimed_file_is_not_found_by_an_item(intake: App, desk: App, vault: Vault) -> None:
    file = await stored(intake, vault)
    async with desk.work(System("test"), "console", write=False) as work:
        with pytest.raises(NotFound):
            await attachments.find(work, ITEM, file.id, KEY)


async def test_a_clean_copy_is_kept_once_and_described_beside_its_original(
    intake: App, desk: App, vault: Vault
) -> None:
    (original,) = await claimed(intake, vault, "发票.pdf")
    kept = []
    for _ in range(2):
        copy = await attachments.store(vault, pieces(HEAD + b"clean"), name="发票.pdf")
        async with desk.work(System("test"), "console") as work:
            kept.append(await attachments.add_clean_copy(work, ITEM, original.id, copy, KEY.public))
    assert kept[0] == kept[1]
    (view,) = await described(desk)
    assert (view.id, view.clean_copy_id) == (original.id, kept[0])


async def test_a_clean_copy_needs_an_original_of_that_item(intake: App, desk: App, vault: Vault) -> None:
    (original,) = await claimed(intake, vault, "发票.pdf")
    copy = await attachments.store(vault, pieces(HEAD), name="b.pdf")
    async with desk.work(System("test"), "console") as work:
        with pytest.raises(NotFound):
            await attachments.add_clean_copy(work, uuid4(), original.id, copy, KEY.public)


async def test_discarding_forgets_unclaimed_files_only(intake: App, vault: Vault) -> None:
    (submitted,) = await claimed(intake, vault, "甲.pdf")
    draft = await stored(intake, vault, "乙.pdf")
    async with intake.work(Reporter(), "web") as work:
        await attachments.discard(work, [submitted.id, draft.id])
    assert await rows(intake) == 1
    assert [view.id for view in await described(intake)] == [submitted.id]


async def test_a_sweep_deletes_files_without_rows_after_a_grace_and_leaves_the_others(
    intake: App, worker: App, vault: Vault, clock: FixedClock
) -> None:
    (submitted,) = await claimed(intake, vault, "甲.pdf")
    draft = await stored(intake, vault, "乙.pdf")
    orphan = await attachments.store(vault, pieces(HEAD), name="丙.pdf")
    clock.move(timedelta(hours=1))
    assert await swept(worker, vault) == 0
    clock.move(timedelta(hours=1))
    assert await swept(worker, vault) == 1
    assert names_on_disk(vault) == {str(submitted.id), str(draft.id)}
    assert str(orphan.id) not in names_on_disk(vault)


async def test_files_never_submitted_go_when_their_draft_does(
    intake: App, worker: App, vault: Vault, clock: FixedClock
) -> None:
    await stored(intake, vault)
    life = timedelta(days=intake.policy.days("draft_kept"))
    clock.move(life)
    assert await swept(worker, vault) == 0
    clock.move(timedelta(hours=1))
    assert await swept(worker, vault) == 1  # the row
    assert await rows(intake) == 0
    assert await swept(worker, vault) == 1  # the file
    assert names_on_disk(vault) == set()


async def test_files_of_a_draft_that_goes_on_are_kept_with_it(
    intake: App, worker: App, vault: Vault, clock: FixedClock
) -> None:
    file = await stored(intake, vault)
    clock.move(timedelta(days=intake.policy.days("draft_kept")))
    async with intake.work(Reporter(), "web") as work:
        await attachments.keep(work, [file.id])
    clock.move(timedelta(days=1))
    assert await swept(worker, vault) == 0
    assert names_on_disk(vault) == {str(file.id)}


async def test_a_sweep_deletes_what_a_crash_left_behind_but_not_what_is_being_written(
    worker: App, vault: Vault
) -> None:
    left = vault.folder / "ab" / "ab000000-0000-4000-8000-000000000000.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"the beginning of a file")

    found: list[int] = []

    async def arriving() -> AsyncIterator[bytes]:
        yield HEAD + bytes(200_000)
        found.append(await swept(worker, vault))
        yield b"the rest"

    file = await attachments.store(vault, arriving(), name="a.pdf")
    assert found == [1]
    assert names_on_disk(vault) == {str(file.id)}


async def test_destroying_an_item_takes_the_keys_at_once_and_the_files_with_the_next_sweep(
    intake: App, desk: App, worker: App, vault: Vault, clock: FixedClock
) -> None:
    (original,) = await claimed(intake, vault, "甲.pdf")
    copy = await attachments.store(vault, pieces(HEAD), name="甲.pdf")
    async with desk.work(System("test"), "console") as work:
        await attachments.add_clean_copy(work, ITEM, original.id, copy, KEY.public)
    clock.move(timedelta(hours=2))
    async with worker.work(System("retention"), "worker") as work:
        await attachments.destroy_of_item(work, ITEM)
    assert await rows(worker) == 0
    assert await swept(worker, vault) == 2
    assert names_on_disk(vault) == set()
