"""Residents and staff as people meet them: in a browser, on the demo that `make demo` serves."""
