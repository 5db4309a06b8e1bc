"""Whole journeys through the app."""
