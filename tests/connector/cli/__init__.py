"""The doors on the command line."""
