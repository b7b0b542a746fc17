"""The two forms, loaded once: the one that residents meet and a small one that uses the whole vocabulary."""

from datetime import date
from pathlib import Path

import pytest

from core.dialogue import REPORT, Choice, Choices, Dialogue, Form, load

HERE = Path(__file__).parent
TODAY = date(2026, 9, 30)
UNITS = Choices(
    [
        Choice("u-construction", {"zh_CN": "云汀区建设局", "en": "Construction bureau"}),
        Choice("u-education", {"zh_CN": "云汀区教育局", "en": "Education bureau"}),
        Choice("u-southgate", {"zh_CN": "南门街道", "en": "South Gate sub-district"}),
    ]
)
PLACES = Choices([Choice("hill", {"zh_CN": "云台山", "en": "Cloud hill"}), Choice("lake", {"zh_CN": "镜湖"})])


@pytest.fixture(scope="session")
def report_form() -> Form:
    return load(REPORT)


@pytest.fixture(scope="session")
def outing_form() -> Form:
    return load(HERE / "forms" / "outing.md")


@pytest.fixture(scope="session")
def report(report_form: Form) -> Dialogue:
    return Dialogue(report_form, today=TODAY, lists={"registry.units": UNITS})


@pytest.fixture(scope="session")
def outing(outing_form: Form) -> Dialogue:
    return Dialogue(outing_form, today=TODAY, lists={"provided.places": PLACES})
