"""SQLAlchemy Core tables and one store module per aggregate, each function bound to a shop."""
