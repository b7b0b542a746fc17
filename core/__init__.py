"""What the system knows and decides; it knows no channel and no web framework."""
