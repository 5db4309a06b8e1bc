"""The commands of the backhaul program, one file a command."""
