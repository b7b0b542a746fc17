"""Liaison stations: the quarterly round, from the prompt to the reviewed record book (S22 to S26, S80 to S86)."""
