"""Liaison stations: who is paired, the rounds and what they oblige to, reminders, records and their review."""

from core.stations.tables import Obligation

__all__ = ["Obligation"]
