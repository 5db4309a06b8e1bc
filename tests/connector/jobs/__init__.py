"""Durable jobs, on SQLite and on PostgreSQL."""
