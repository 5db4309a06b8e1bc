"""The way out: one folder a channel, all behind the protocol of adapters/channel.py."""
