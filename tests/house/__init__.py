"""The house itself: layout, sizes, documents."""
