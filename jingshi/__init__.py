"""Jingshi, put together: the command line and the composition root."""
