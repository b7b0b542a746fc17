"""Every form of a case as data: who is offered it, what it asks, and the verb behind it, which authorises again."""

from collections.abc import Mapping
from typing import Final

from admin_api.console.case_deciding import BESIDE, CLASSIFYING, DECIDING
from admin_api.console.case_fields import StepForm
from admin_api.console.case_standing import Standing
from admin_api.console.case_verifying import ASSIGNING, FINDING, VERIFYING

FORMS: Final[Mapping[str, StepForm]] = {
    form.name: form for form in (*ASSIGNING, *VERIFYING, *FINDING, *CLASSIFYING, *DECIDING, *BESIDE)
}
"""Every form by name, in the order in which a case comes to them."""


def offered(seen: Standing) -> tuple[StepForm, ...]:
    """Return the forms that the person's part and the state of the case allow, and no others."""
    if seen.has_to_declare:  # nobody works on a case before they have said how they stand to its subject
        return (FORMS["declare"],)
    return tuple(form for form in FORMS.values() if form.offered(seen))
