"""Residents' pages: the report form and the receipt, as plain HTML."""
