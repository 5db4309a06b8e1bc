"""The use cases, one file a goal: read first, decide purely, write once."""
