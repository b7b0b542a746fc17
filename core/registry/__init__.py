"""The registry: units, people, appointments in time, and the closed list of officials."""

from core.registry.queries import installation
from core.registry.tables import Installation

__all__ = ["Installation", "installation"]
