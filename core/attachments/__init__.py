"""Attachments: sealed originals, and clean copies made for reading."""
