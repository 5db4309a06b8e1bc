"""The way in: pure reading of platform deliveries."""
