"""Who may do what: accounts, sessions, keys and seals, and the permission matrix."""

from core.access.keys import (
    create_shared_key,
    destroy_seals,
    holds_shared,
    load_shared_keys,
    open_target,
    people_with_seal,
    present_person_key,
    seal_to_escrow,
    seal_to_person,
    seal_to_shared,
    targets_granted,
    unseal_from_person,
)

__all__ = [
    "create_shared_key",
    "destroy_seals",
    "holds_shared",
    "load_shared_keys",
    "open_target",
    "people_with_seal",
    "present_person_key",
    "seal_to_escrow",
    "seal_to_person",
    "seal_to_shared",
    "targets_granted",
    "unseal_from_person",
]
