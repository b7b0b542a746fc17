"""The eight channels: each way in has its book, asks little, and never asks past the gate."""

import pytest

from core.cases.rules.conflicts import SubjectKind
from core.cases.rules.forms import Pattern
from core.cases.rules.gate import NEXUS, Evidence, gate
from core.cases.rules.registers import (
    BOT_INTAKE,
    CHANNELS,
    MOST_INPUTS,
    NOT_AN_OFFICIAL,
    REGISTERS,
    WAYS,
    Way,
    register_for,
)
from core.errors import Invalid
from core.policy.profile import SEED

BY_WAY = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)

# The rules' table of registers and channels: each channel with the books it may go into.
BOOKS = {
    "joint_meeting": {"joint_meeting"},
    "organisation_staff": {"oral"},
    "information_liaison": {"oral"},
    "liaison_station": {"record_book", "telephone", "letter"},
    "term_audit": {"letter"},
    "annual_appraisal": {"letter"},
    "public_appraisal": {"letter"},
    "letters_and_visits": {"letter", "telephone", "bot_intake"},
}

# ... and the extra fields that it names, under the names of the inputs.
EXTRA = {
    "joint_meeting": {"meeting_number", "member_body", "pattern"},
    "organisation_staff": {"method"},
    "information_liaison": {"liaison_meeting"},
    "liaison_station": {"quarter"},  # the method is the way itself, and the category is the nexus
    "term_audit": {"finding_number", "due_on"},
    "annual_appraisal": {"year", "incompetent_votes", "valid_votes"},
    "public_appraisal": {"appointing_body", "event"},
    "letters_and_visits": set(),  # the receipt is made, not asked
}
COMMON = {"subject_kind", "unit", "subject", "category", "evidence", "received_on"}
REPORTER = {"reporter_name", "reporter_contact"}


def asked(way: Way) -> dict[str, tuple[str, ...]]:
    return {each.name: each.choices for each in way.inputs}


def test_every_channel_goes_into_its_books_and_no_other() -> None:
    by_themselves = {"letters_and_visits": {register_for("letters_and_visits", each) for each in ("web", "telegram")}}
    found = {
        channel: {way.register for way in WAYS.values() if way.channel == channel} | by_themselves.get(channel, set())
        for channel in CHANNELS
    }
    assert found == BOOKS
    assert set(REGISTERS) == set().union(*BOOKS.values())


@BY_WAY
def test_the_register_follows_from_the_channel_and_the_way(way: Way) -> None:
    assert register_for(way.channel, way.name) == way.register


@pytest.mark.parametrize(
    ("channel", "source", "code"),
    [
        ("", "letter", "unknown_channel"),
        ("letters", "letter", "unknown_channel"),
        ("term_audit", "letter", "unknown_source"),
        ("letters_and_visits", "", "unknown_source"),
        ("letters_and_visits", "station_telephone", "unknown_source"),
    ],
)
def test_a_way_that_a_channel_does_not_have_is_an_error(channel: str, source: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        register_for(channel, source)


@BY_WAY
def test_no_way_asks_more_than_eight_things_besides_the_text(way: Way) -> None:
    assert len(way.inputs) <= MOST_INPUTS == 8
    assert len(asked(way)) == len(way.inputs)


def test_each_channel_asks_its_extra_fields_and_nothing_beyond() -> None:
    found = {
        channel: {name for way in WAYS.values() if way.channel == channel for name in asked(way)} - COMMON - REPORTER
        for channel in CHANNELS
    }
    assert found == EXTRA


@BY_WAY
def test_every_entry_comes_past_the_gate(way: Way) -> None:
    inputs = asked(way)
    assert set(inputs["subject_kind"]) == {*map(str, SubjectKind), NOT_AN_OFFICIAL}
    assert ("evidence" in inputs) != bool(way.evidence)
    for category in inputs["category"]:
        for evidence in inputs.get("evidence", (way.evidence,)):
            assert gate(category, True, evidence).reason  # noqa: FBT003 - the signature of the rule


def test_whoever_speaks_for_themselves_is_asked_how_they_know() -> None:
    written = {way.name for way in WAYS.values() if way.evidence}
    assert written == {
        "joint_meeting",
        "term_audit",
        "annual_appraisal",
        "public_appraisal",
        "media",
        "venue_inspection",
    }
    assert {way.evidence for way in WAYS.values()} == {"", Evidence.DOCUMENT}


def test_stations_enter_only_what_is_linked_to_public_office_or_refused() -> None:
    for way in WAYS.values():
        if way.channel == "liaison_station":
            assert set(NEXUS) < set(asked(way)["category"])
            assert not [each for each in asked(way)["category"] if each.startswith("on_duty")]


def test_only_letters_visits_and_calls_may_be_anonymous_or_give_a_name() -> None:
    anonymous = {way.name for way in WAYS.values() if way.identity_mode == "anonymous"}
    assert anonymous == {"letter", "visit", "telephone"}
    assert {way.name for way in WAYS.values() if set(asked(way)) >= REPORTER} == anonymous
    given = {each.name: each.required for name in anonymous for each in WAYS[name].inputs if each.name in REPORTER}
    assert given == dict.fromkeys(REPORTER, False)


def test_members_who_judge_prosecute_or_keep_health_records_feed_nothing() -> None:
    bodies = asked(WAYS["joint_meeting"])["member_body"]
    assert set(SEED.names("joint_meeting_members")) - set(bodies) == {"court", "procuratorate", "health_commission"}
    assert asked(WAYS["joint_meeting"])["pattern"] == tuple(Pattern)


def test_what_comes_in_by_itself_is_entered_by_nobody() -> None:
    assert BOT_INTAKE not in {way.register for way in WAYS.values()}
    assert {"web", "telegram"}.isdisjoint(WAYS)
