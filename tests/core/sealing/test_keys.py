"""What keys and key files promise."""

from pathlib import Path

import pytest

from core.errors import Forged, Invalid, Misconfigured
from core.sealing import (
    Cost,
    Escrow,
    KeyPair,
    ProcessKeys,
    create_key_files,
    escrow_open,
    escrow_seal,
    fingerprint,
    load_process_keys,
    lock_private_key,
    new_escrow,
    open_private_key,
    seal_private_key,
    sign,
    unlock_private_key,
    verify,
)
from core.sealing.keyfiles import PROCESSES, rotate_secret, set_upper_level

CHEAP = Cost(passes=1, memory=8 * 1024 * 1024)


@pytest.fixture
def folder(tmp_path: Path, escrow: Escrow) -> Path:
    create_key_files(tmp_path / "keys", escrow_recipient=escrow.recipient)
    return tmp_path / "keys"


def test_a_private_key_opens_with_its_passphrase_only() -> None:
    pair = KeyPair.new()
    locked = lock_private_key(pair.private, "澄江如练 quiet river", CHEAP)
    assert unlock_private_key(locked, "澄江如练 quiet river") == pair
    with pytest.raises(Invalid, match="passphrase_wrong"):
        unlock_private_key(locked, "澄江如练 quiet rivers")


def test_a_sealed_key_opens_for_its_holder_only() -> None:
    holder, target = KeyPair.new(), KeyPair.new()
    sealed = seal_private_key(target.private, to=holder.public)
    assert open_private_key(sealed, key=holder) == target
    with pytest.raises(Forged):
        open_private_key(sealed, key=KeyPair.new())


def test_escrow_opens_with_the_offline_identity_only() -> None:
    one, other = new_escrow(), new_escrow()
    blob = escrow_seal(b"key", recipient=one.recipient)
    assert escrow_open(blob, identity=one.identity) == b"key"
    with pytest.raises(Forged):
        escrow_open(blob, identity=other.identity)
    with pytest.raises(Misconfigured):
        escrow_open(blob, identity="not one")
    with pytest.raises(Misconfigured):
        escrow_seal(b"key", recipient="not one")


def test_a_pair_yields_one_symmetric_key_for_each_label() -> None:
    pair = KeyPair.new()
    made = {pair.symmetric(b"search"), pair.symmetric(b"other"), KeyPair.new().symmetric(b"search"), pair.private}
    assert len(made) == 4
    assert pair.symmetric(b"search") == KeyPair.from_private(pair.private).symmetric(b"search")


def test_a_fingerprint_names_a_key_and_no_other() -> None:
    pair = KeyPair.new()
    assert fingerprint(pair.public) == fingerprint(pair.public) != fingerprint(KeyPair.new().public)


def test_no_process_holds_the_secrets_of_another(folder: Path) -> None:
    held = {process: load_process_keys(folder, process) for process in PROCESSES}
    secrets = [secret for keys in held.values() for every in keys.secrets.values() for secret in every]
    assert len(secrets) == len(set(secrets))
    with pytest.raises(Misconfigured, match="holds no totp"):
        held["intake"].current("totp")


def test_each_process_knows_how_to_check_the_others_signatures(folder: Path) -> None:
    intake, desk = load_process_keys(folder, "intake"), load_process_keys(folder, "desk")
    signature = sign(intake.signing_key, "item", {"id": "1"})
    verify(desk.verify_keys["intake"], signature, "item", {"id": "1"})
    for kind, facts in (("item", {"id": "2"}), ("fact", {"id": "1"})):
        with pytest.raises(Forged):
            verify(desk.verify_keys["intake"], signature, kind, facts)


def test_rotation_keeps_the_previous_secret(folder: Path) -> None:
    before = load_process_keys(folder, "intake").current("draft")
    rotate_secret(folder, "intake", "draft")
    rotated = load_process_keys(folder, "intake").all("draft")
    assert rotated[1] == before != rotated[0]
    rotate_secret(folder, "intake", "draft")
    assert before not in load_process_keys(folder, "intake").all("draft")


def test_the_key_of_the_body_above_can_be_given_later_and_changed(folder: Path) -> None:
    assert load_process_keys(folder, "intake").upper_level_recipient is None
    for recipient in (new_escrow().recipient, new_escrow().recipient):
        set_upper_level(folder, recipient)
        assert {load_process_keys(folder, process).upper_level_recipient for process in PROCESSES} == {recipient}


def test_key_files_are_never_overwritten(folder: Path, escrow: Escrow) -> None:
    with pytest.raises(Misconfigured, match="not overwritten"):
        create_key_files(folder, escrow_recipient=escrow.recipient)


@pytest.mark.parametrize("name", ["draft.key", "signing.key", "escrow.pub", "desk.pub"])
def test_a_missing_key_file_is_named(folder: Path, name: str) -> None:
    (folder / "intake" / name).unlink()
    with pytest.raises(Misconfigured, match=name):
        load_process_keys(folder, "intake")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_file_that_others_can_read_is_refused(folder: Path, mode: int) -> None:
    (folder / "intake" / "draft.key").chmod(mode)
    with pytest.raises(Misconfigured, match="chmod go-rwx"):
        load_process_keys(folder, "intake")


@pytest.mark.parametrize("text", ["", "not base64!", "c2hvcnQ="])
def test_a_damaged_key_file_is_named(folder: Path, text: str) -> None:
    (folder / "intake" / "draft.key").write_text(text)
    with pytest.raises(Misconfigured, match=r"draft\.key"):
        load_process_keys(folder, "intake")


def test_keys_show_in_no_representation(folder: Path) -> None:
    keys: ProcessKeys = load_process_keys(folder, "intake")
    assert repr(keys.current("draft")) not in repr(keys)
