"""The bot of the liaison stations: pairing, the record of a quarter, and messages owed to people."""
