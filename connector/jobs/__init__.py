"""Durable jobs behind one small port."""
