"""The tables' history: revisions that run unchanged on SQLite and PostgreSQL."""
