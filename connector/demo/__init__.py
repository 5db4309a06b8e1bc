"""The demo shop: a catalogue, its pictures and its orders."""

DEMO_SLUG = "demo"
