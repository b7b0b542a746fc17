"""Passwords, one-time codes and the slowing down of guesses: the rules without rows."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from argon2 import extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from core.access.passwords import NOBODYS_HASH, hash_password, password_fits, require_different, require_fit
from core.access.totp import fitting_step, new_totp_secret, totp_address
from core.access.tries import wait_after
from core.errors import Invalid
from core.sealing import Cost
from tests.builders import CHEAP

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MOMENT = datetime(2026, 9, 30, 4, 0, 10, tzinfo=UTC)
STEP = pyotp.TOTP(SECRET).timecode(MOMENT)


def code(step: int) -> str:
    return pyotp.TOTP(SECRET).generate_otp(step)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("eleven char", "secret_too_short"), ("", "secret_too_short"), ("x" * 201, "secret_too_long")],
)
def test_a_new_secret_of_unfit_length_is_refused_where_it_stands(text: str, problem: str) -> None:
    with pytest.raises(Invalid) as refused:
        require_fit(text, field="passphrase")
    assert (refused.value.code, refused.value.params["field"]) == (problem, "passphrase")


@pytest.mark.parametrize("text", ["twelve chars", "一二三四五六七八九十甲乙", "x" * 200])
def test_a_new_secret_of_twelve_to_two_hundred_characters_is_taken(text: str) -> None:
    require_fit(text, field="password")


def test_the_passphrase_is_not_the_password_in_other_clothes() -> None:
    with pytest.raises(Invalid, match="passphrase_is_password"):
        require_different("cafe\u0301 de la gare", "caf\u00e9 de la gare")


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_a_password_fits_its_own_hash_only(one: str, other: str) -> None:
    encoded = hash_password(one, CHEAP)
    assert password_fits(encoded, one)
    assert not password_fits(encoded, other + one)


def test_a_name_that_nobody_has_costs_as_much_work_as_a_real_account() -> None:
    assert extract_parameters(NOBODYS_HASH) == extract_parameters(hash_password("some password", Cost()))
    assert not password_fits(NOBODYS_HASH, "some password")


@pytest.mark.parametrize(("offset", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_one_step_before_and_after_its_own(offset: int, taken: bool) -> None:  # noqa: FBT001 - a table's column
    assert (fitting_step(SECRET, code(STEP + offset), at=MOMENT, after=0) == STEP + offset) == taken


@given(st.integers(-1, 1), st.integers(-1, 1))
def test_a_step_is_used_once_and_none_before_it(used: int, shown: int) -> None:
    step = fitting_step(SECRET, code(STEP + shown), at=MOMENT, after=STEP + used)
    assert step == (STEP + shown if shown > used else None)


@pytest.mark.parametrize("given_code", ["", "12345", "1234567", "１２３４５６", "abc def", "\u202e123456"])
def test_what_is_no_code_fits_no_step(given_code: str) -> None:
    assert fitting_step(SECRET, given_code, at=MOMENT, after=0) is None


def test_a_code_may_be_typed_with_the_space_that_apps_show() -> None:
    assert fitting_step(SECRET, f"{code(STEP)[:3]} {code(STEP)[3:]}", at=MOMENT, after=0) == STEP


def test_the_address_for_apps_names_account_and_issuer() -> None:
    secret = new_totp_secret()
    assert pyotp.parse_uri(totp_address("dantai", secret)).secret == secret


@given(st.integers(0, 10_000))
def test_waiting_grows_and_ends(failures: int) -> None:
    assert timedelta(0) <= wait_after(failures) <= wait_after(failures + 1) <= timedelta(minutes=15)


def test_a_few_slips_cost_nothing_and_then_the_wait_doubles() -> None:
    assert [wait_after(failures).total_seconds() for failures in range(1, 7)] == [0, 0, 5, 10, 20, 40]
