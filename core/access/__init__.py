"""Who may do what: the permission matrix, accounts, sign-in and sessions, keys and seals, openings, repeats."""

from core.access.accounts import AccountView, NewAccount, accounts, create_account, disable_account, enable_account
from core.access.appointments import appoint, drop_ended, end_appointment
from core.access.colleagues import Colleague, colleagues
from core.access.credentials import change_passphrase, change_password, reset_password, reset_totp
from core.access.keys import (
    create_shared_key,
    destroy_seals,
    hand_over,
    holds_shared,
    load_shared_keys,
    open_key,
    open_shared_key,
    people_with_seal,
    present_person_key,
    seal_to_escrow,
    seal_to_person,
    seal_to_shared,
    targets_granted,
    unseal_from_person,
)
from core.access.openings import Opening, begin_opening, fit_reason, require_opening
from core.access.permissions import PERMISSIONS, ROLES, Permission, bodies, may, permit, permit_operated, signed_in
from core.access.repeats import Result, once
from core.access.replacing import Lost, replace_person_key
from core.access.sessions import SessionView, SignedIn, authenticate, sessions, sign_in, sign_out
from core.access.shared import (
    ENTITLEMENTS,
    PURPOSES,
    Waiting,
    entitled_people,
    first_holder,
    grant_shared_key,
    keys_due,
    recover_shared_key,
    rotate_shared_key,
    waiting_for_key,
)
from core.access.totp import totp_address
from core.access.tries import Begin
from core.access.unlocking import create_token, lock, revoke_token, unlock
from core.access.upkeep import sweep

__all__ = [
    "ENTITLEMENTS",
    "PERMISSIONS",
    "PURPOSES",
    "ROLES",
    "AccountView",
    "Begin",
    "Colleague",
    "Lost",
    "NewAccount",
    "Opening",
    "Permission",
    "Result",
    "SessionView",
    "SignedIn",
    "Waiting",
    "accounts",
    "appoint",
    "authenticate",
    "begin_opening",
    "bodies",
    "change_passphrase",
    "change_password",
    "colleagues",
    "create_account",
    "create_shared_key",
    "create_token",
    "destroy_seals",
    "disable_account",
    "drop_ended",
    "enable_account",
    "end_appointment",
    "entitled_people",
    "first_holder",
    "fit_reason",
    "grant_shared_key",
    "hand_over",
    "holds_shared",
    "keys_due",
    "load_shared_keys",
    "lock",
    "may",
    "once",
    "open_key",
    "open_shared_key",
    "people_with_seal",
    "permit",
    "permit_operated",
    "present_person_key",
    "recover_shared_key",
    "replace_person_key",
    "require_opening",
    "reset_password",
    "reset_totp",
    "revoke_token",
    "rotate_shared_key",
    "seal_to_escrow",
    "seal_to_person",
    "seal_to_shared",
    "sessions",
    "sign_in",
    "sign_out",
    "signed_in",
    "sweep",
    "targets_granted",
    "totp_address",
    "unlock",
    "unseal_from_person",
    "waiting_for_key",
]
