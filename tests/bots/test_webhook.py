"""The secret by which a delivery of the platform is known."""

import re
from pathlib import Path

from bots.webhook import webhook_secret
from core.sealing import Escrow, create_key_files, load_process_keys
from core.sealing.keyfiles import rotate_secret


def test_the_secret_of_a_webhook_outlives_restarts_and_is_each_bots_own(tmp_path: Path, escrow: Escrow) -> None:
    create_key_files(tmp_path, escrow_recipient=escrow.recipient)
    first = webhook_secret(load_process_keys(tmp_path, "intake"), "informant")
    assert webhook_secret(load_process_keys(tmp_path, "intake"), "informant") == first
    assert webhook_secret(load_process_keys(tmp_path, "intake"), "liaison") != first
    assert webhook_secret(load_process_keys(tmp_path, "desk"), "informant") != first


def test_the_secret_of_a_webhook_has_the_alphabet_that_the_platform_takes(tmp_path: Path, escrow: Escrow) -> None:
    create_key_files(tmp_path, escrow_recipient=escrow.recipient)
    for _ in range(20):
        rotate_secret(tmp_path, "intake", "signing")
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", webhook_secret(load_process_keys(tmp_path, "intake"), "informant"))
