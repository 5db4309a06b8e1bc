"""The way in: signatures and translations."""
