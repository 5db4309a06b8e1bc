"""The story, killed at every step."""
