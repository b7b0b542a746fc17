"""What each process may not do on PostgreSQL, and how the program takes a refusal of the database."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from psycopg.errors import ForeignKeyViolation, InsufficientPrivilege
from sqlalchemy import text

from core.db import Database
from core.errors import Misconfigured
from core.sealing import PROCESSES
from tests.databases import Cluster
from tests.jingshi.granted import Granted, database_with_roles

REFUSED = (
    ("intake", "UPDATE item SET state = 'withdrawn'"),
    ("intake", "UPDATE item SET envelope = NULL"),
    ("intake", "DELETE FROM item"),
    ("intake", "TRUNCATE item CASCADE"),
    ("intake", "UPDATE fact SET envelope = ''"),
    ("intake", "DELETE FROM fact"),
    ("intake", "UPDATE reply SET envelope = ''"),
    ("intake", "DELETE FROM reply"),
    ("intake", "INSERT INTO reply DEFAULT VALUES"),
    ("intake", "UPDATE withdrawal SET carried_out_at = now()"),
    ("intake", "DELETE FROM withdrawal"),
    ("intake", "SELECT envelope FROM identity"),
    ("intake", "SELECT sealed FROM packet"),
    ("intake", "UPDATE packet SET sealed = NULL"),
    ("intake", "SELECT envelope FROM attachment"),
    ("intake", "SELECT sealed_key FROM seal"),
    ("intake", "UPDATE seal SET sealed_key = ''"),
    ("intake", "DELETE FROM seal"),
    ("intake", "SELECT id FROM account"),
    ("intake", "SELECT id FROM session"),
    ("intake", "SELECT public_key FROM person_key"),
    ("intake", "SELECT id FROM audit_entry"),
    ("intake", "UPDATE shared_key SET public_key = ''"),
    ("intake", "INSERT INTO shared_key DEFAULT VALUES"),
    ("intake", "UPDATE installation SET is_demo = true"),
    ("intake", "UPDATE alembic_version SET version_num = '0'"),
    ("intake", "CREATE TABLE public.mine (n integer)"),
    ("intake", "UPDATE update_key SET seen_at = now()"),
    ("intake", "DELETE FROM update_key"),
    ("intake", "SELECT id FROM address"),
    ("intake", "UPDATE address SET sealed = ''"),
    ("intake", "DELETE FROM address"),
    ("intake", "SELECT id FROM forgetting"),
    ("intake", "DELETE FROM forgetting"),
    ("intake", "SELECT address_id FROM delivery"),
    ("intake", "INSERT INTO delivery DEFAULT VALUES"),
    ("worker", "INSERT INTO delivery DEFAULT VALUES"),
    ("worker", "UPDATE delivery SET item_id = item_id"),
    ("desk", "SELECT code FROM update_key"),
    ("desk", "SELECT sealed FROM address"),
    ("desk", "SELECT added_at FROM address"),
    ("desk", "INSERT INTO address DEFAULT VALUES"),
    ("desk", "DELETE FROM address"),
    ("desk", "SELECT id FROM forgetting"),
    ("desk", "UPDATE delivery SET state = 'sent'"),
    ("desk", "DELETE FROM delivery"),
    ("desk", "SELECT attempt FROM delivery"),
    ("desk", "SELECT chat_hash FROM pairing"),
    ("desk", "INSERT INTO pairing DEFAULT VALUES"),
    ("desk", "SELECT secret_hash FROM personal_link"),
    ("worker", "SELECT chat_hash FROM pairing"),
    ("worker", "SELECT code_hash FROM invitation"),
    ("intake", "INSERT INTO invitation DEFAULT VALUES"),
    ("intake", "UPDATE pairing SET person_id = person_id"),
    ("intake", "UPDATE residence SET until = now()"),
    ("worker", "SELECT code FROM update_key"),
    ("worker", "INSERT INTO update_key DEFAULT VALUES"),
    ("worker", "INSERT INTO address DEFAULT VALUES"),
    ("worker", "UPDATE address SET item_id = id"),
    ("worker", "INSERT INTO forgetting DEFAULT VALUES"),
    ("worker", "UPDATE forgetting SET sealed = ''"),
    ("desk", "UPDATE item SET envelope = NULL"),
    ("desk", "UPDATE item SET channel = 'web'"),
    ("desk", "DELETE FROM item"),
    ("desk", "UPDATE card SET envelope = ''"),
    ("desk", "UPDATE case_entry SET envelope = ''"),
    ("desk", "DELETE FROM case_entry"),
    ("desk", "DELETE FROM case_search"),
    ("worker", "SELECT sealed_text FROM case_search"),
    ("intake", "SELECT case_id FROM case_search"),
    ("desk", "UPDATE case_file SET public_key = ''"),
    ("desk", "DELETE FROM case_member"),
    ("intake", "SELECT id FROM card"),
    ("intake", "SELECT id FROM case_file"),
    ("worker", "SELECT envelope FROM case_entry"),
    ("desk", "DELETE FROM fact"),
    ("desk", "UPDATE reply SET envelope = ''"),
    ("desk", "DELETE FROM reply"),
    ("desk", "UPDATE identity SET envelope = ''"),
    ("desk", "DELETE FROM identity"),
    ("desk", "UPDATE packet SET category = ''"),
    ("desk", "UPDATE packet SET erased_at = now()"),
    ("desk", "DELETE FROM packet"),
    ("desk", "SELECT sealed FROM draft"),
    ("desk", "UPDATE attachment SET envelope = NULL"),
    ("desk", "DELETE FROM attachment"),
    ("desk", "INSERT INTO account DEFAULT VALUES"),
    ("desk", "UPDATE account SET disabled_at = NULL"),
    ("desk", "INSERT INTO appointment DEFAULT VALUES"),
    ("desk", "UPDATE person_key SET public_key = ''"),
    ("desk", "UPDATE shared_key SET public_key = ''"),
    ("desk", "DELETE FROM session"),
    ("worker", "SELECT secret_hash FROM session"),
    ("worker", "SELECT * FROM account"),
    ("worker", "SELECT locked_private_key FROM person_key"),
    ("worker", "SELECT sealed_key FROM seal"),
    ("worker", "INSERT INTO seal DEFAULT VALUES"),
    ("worker", "SELECT envelope FROM identity"),
    ("worker", "SELECT envelope FROM reply"),
    ("worker", "SELECT sealed FROM draft"),
    ("worker", "UPDATE packet SET exported_at = now()"),
    ("worker", "DELETE FROM packet"),
    ("worker", "INSERT INTO item DEFAULT VALUES"),
    ("worker", "DELETE FROM item"),
    ("worker", "UPDATE item SET public_key = ''"),
    ("worker", "UPDATE audit_link SET hash = ''"),
    ("worker", "DELETE FROM audit_head"),
    *((process, f"{how} audit_entry{rest}") for process in PROCESSES for how, rest in (
        ("UPDATE", " SET actor = 'nobody'"), ("DELETE FROM", ""), ("TRUNCATE", " CASCADE"), ("DROP TABLE", " CASCADE")
    )),
    *((process, f"{how} channel_acceptance{rest}") for process in PROCESSES for how, rest in (
        ("INSERT INTO", " DEFAULT VALUES"), ("UPDATE", " SET ended_on = now()"), ("DELETE FROM", "")
    )),
    *((process, f"INSERT INTO {table} DEFAULT VALUES") for process in ("intake", "desk") for table in (
        "audit_link", "audit_head"
    )),
)  # fmt: skip

ID = "00000000-0000-4000-8000-000000000001"
FILES = "INSERT INTO attachment (id, item_id, stored_at) VALUES"
WAITING, TAKEN = "(gen_random_uuid(), NULL, now())", "(gen_random_uuid(), gen_random_uuid(), now())"
WORKER = "system:worker"


def a_seal(holder: str) -> str:
    return f"INSERT INTO seal VALUES (gen_random_uuid(), 'item', '{ID}', '{holder}', '{ID}', '', now())"  # noqa: S608 - our own words


def a_delivery(state: str = "queued", attempt: int = 0, *, repeated: bool = False) -> str:
    columns = "id, bot, template, item_id, state, attempt, repeated, due_at, changed_at"
    row = f"(gen_random_uuid(), 'informant', 'reply', '{ID}', '{state}', {attempt}, {repeated}, now(), now())"
    return f"INSERT INTO delivery ({columns}) VALUES {row}"  # noqa: S608 - our own words


def an_entry(actor: str) -> str:
    return f"INSERT INTO audit_entry VALUES (gen_random_uuid(), now(), '{actor}', 'web:item:received', '1')"  # noqa: S608 - as above


BOUNDED = (
    "item",
    "case_file",
    "case_item",
    "case_entry",
    "case_search",
    "measure",
    "subject_message",
    "presence",
)


@pytest.fixture(scope="module")
def empty(cluster: Cluster) -> Iterator[Granted]:
    """Rights over tables without rows: whether a statement may run is decided before a row is looked at."""
    with database_with_roles(cluster) as made:
        asyncio.run(made.apply())
        yield made


@pytest.fixture
async def granted(cluster: Cluster) -> AsyncIterator[Granted]:
    with database_with_roles(cluster) as made:
        await made.apply()
        yield made


@pytest.mark.parametrize(("process", "statement"), REFUSED)
def test_the_database_refuses_a_process_what_is_not_its_own(empty: Granted, process: str, statement: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        empty.run_as(process, statement)


def test_intake_sees_the_people_of_stations_and_the_officials_who_live_there_and_nobody_else(granted: Granted) -> None:
    granted.run(
        "WITH unit AS (INSERT INTO unit (id, code, kind, name, position) "
        "VALUES (gen_random_uuid(), 'station', 'liaison_station', '甲', 0) RETURNING id), "
        "people AS (INSERT INTO person (id, name, is_fictional) "
        "VALUES (gen_random_uuid(), 'liaison', false), (gen_random_uuid(), 'clerk', false), "
        "(gen_random_uuid(), 'neighbour', false), (gen_random_uuid(), 'official', false) RETURNING id, name), "
        "posts AS (INSERT INTO appointment (id, person_id, role, unit_id, since) "
        "SELECT gen_random_uuid(), people.id, CASE name WHEN 'liaison' THEN 'station_liaison' ELSE 'intake_clerk' END, "
        "unit.id, '2026-01-01' FROM people, unit WHERE name IN ('liaison', 'clerk') RETURNING id) "
        "INSERT INTO residence (id, person_id, station_id, since) "
        "SELECT gen_random_uuid(), people.id, unit.id, '2026-01-01' FROM people, unit WHERE name = 'neighbour'"
    )
    assert granted.run_as("intake", "SELECT name FROM person WHERE name IN ('liaison', 'neighbour')") == 2
    assert granted.run_as("intake", "SELECT name FROM person WHERE name IN ('clerk', 'official')") == 0
    assert granted.run_as("intake", "SELECT id FROM appointment") == 1


def test_intake_changes_a_file_only_until_an_item_has_it(granted: Granted) -> None:
    granted.run(f"{FILES} {WAITING}, {TAKEN}")
    assert granted.run_as("intake", "SELECT id FROM attachment") == 2
    assert granted.run_as("intake", "UPDATE attachment SET item_id = gen_random_uuid()") == 1
    assert granted.run_as("intake", "DELETE FROM attachment") == 1
    with pytest.raises(InsufficientPrivilege):
        granted.run_as("intake", f"{FILES} {TAKEN}")


@pytest.mark.parametrize("column", ["original_id", "envelope"])
def test_intake_makes_no_clean_copy(granted: Granted, column: str) -> None:
    value = {"original_id": "gen_random_uuid()", "envelope": "''"}[column]
    copy = f"INSERT INTO attachment (id, stored_at, {column}) VALUES (gen_random_uuid(), now(), {value})"  # noqa: S608 - our own words
    with pytest.raises(InsufficientPrivilege):
        granted.run_as("intake", copy)
    granted.run(
        "INSERT INTO attachment (id, stored_at, original_id) VALUES (gen_random_uuid(), now(), gen_random_uuid())"
    )
    assert granted.run_as("intake", "UPDATE attachment SET item_id = gen_random_uuid()") == 0


def test_the_desk_locks_a_file_and_cannot_change_it(granted: Granted) -> None:
    granted.run(f"{FILES} {TAKEN}")
    assert granted.run_as("desk", "SELECT id FROM attachment FOR UPDATE") == 1
    with pytest.raises(InsufficientPrivilege):
        granted.run_as("desk", "UPDATE attachment SET original_id = id")


def test_the_desk_takes_back_what_people_and_bodies_hold_and_leaves_escrow_alone(granted: Granted) -> None:
    for holder in ("person", "shared_key", "case", "escrow"):
        granted.run(a_seal(holder))
    assert granted.run_as("desk", "DELETE FROM seal WHERE holder_kind = 'person'") == 1
    assert granted.run_as("desk", "DELETE FROM seal") == 2  # and the body's, when an item is handed over to its case
    assert granted.run_as("worker", "DELETE FROM seal") == 4


@pytest.mark.parametrize(("process", "actor"), [("intake", "reporter"), ("desk", "staff:1"), ("worker", WORKER)])
def test_a_process_writes_the_trail(empty: Granted, process: str, actor: str) -> None:
    assert empty.run_as(process, an_entry(actor)) == 1


@pytest.mark.parametrize(("process", "actor"), [("intake", "staff:1"), ("intake", WORKER), ("worker", "reporter")])
def test_intake_and_worker_write_the_trail_in_no_other_name(empty: Granted, process: str, actor: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        empty.run_as(process, an_entry(actor))


def test_intake_seals_to_bodies_and_escrow_and_to_no_person(empty: Granted) -> None:
    assert empty.run_as("intake", a_seal("shared_key")) == empty.run_as("intake", a_seal("escrow")) == 1
    with pytest.raises(InsufficientPrivilege):
        empty.run_as("intake", a_seal("person"))


@pytest.mark.parametrize("row", [a_delivery("sent"), a_delivery(attempt=1), a_delivery(repeated=True)])
def test_the_desk_owes_a_message_and_cannot_call_it_sent_or_tried(empty: Granted, row: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        empty.run_as("desk", row)
    with pytest.raises(ForeignKeyViolation):  # there is no such item; the right was not missing
        empty.run_as("desk", a_delivery())


async def test_a_refusal_of_the_database_is_a_fault_of_ours_and_no_outage(empty: Granted) -> None:
    database = Database(empty.url_of("intake"))
    with pytest.raises(Misconfigured, match="jingshi rights"):
        async with database.transaction() as session:
            await session.execute(text("DELETE FROM item"))
    await database.dispose()


@pytest.mark.parametrize("table", BOUNDED)
async def test_what_bounds_the_rows_of_the_desk_reads_no_other_table_whole(empty: Granted, table: str) -> None:
    database = Database(empty.url_of("desk"))
    async with database.transaction(write=False) as session:
        plan = "\n".join(await session.scalars(text(f"EXPLAIN SELECT 1 FROM {table}")))  # noqa: S608 - our own words
    await database.dispose()
    assert ("SubPlan" in plan, "hashed SubPlan" in plan) == (True, False)
