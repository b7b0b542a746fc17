"""Rounds: how one begins and ends, whom it reminds, and how an obligation moves."""
