"""Platforms as they answer, on real sockets."""
