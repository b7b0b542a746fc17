"""Every figure with its source, as data, and the calendar that figures are counted on. Pure."""
