"""What tests of attachments may ask for."""

from pathlib import Path

import pytest

from core.attachments import Vault
from tests.conftest import FixedClock

LIMIT = 2_000_000


@pytest.fixture
def vault(tmp_path: Path, clock: FixedClock) -> Vault:
    return Vault(tmp_path / "attachments", LIMIT, clock)
