"""Migrations of the database, one file a version."""
