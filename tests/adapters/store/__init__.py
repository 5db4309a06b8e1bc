"""The shop's own tills."""
