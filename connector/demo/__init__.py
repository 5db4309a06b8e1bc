"""The demo shop: a catalogue, its pictures and its orders."""
