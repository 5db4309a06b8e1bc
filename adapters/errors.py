"""What a channel may answer instead of doing what it was asked.

ChannelError
├── NotConnected    the shop has no such channel, or it cannot do this: a person must act
├── ChannelSlow     no answer in time, or "later": nobody must act, try again
├── ChannelRefused  the platform says no: a person must look
├── DoneTwice       the platform did the same twice: a person must look
└── Unreadable      a payload is not what it should be
"""


class ChannelError(Exception):
    """The base of all channel errors: `code` is stable, `message` is an English sentence."""

    code = "channel_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotConnected(ChannelError):
    """The shop has no such channel, or the channel cannot do what is asked: a person must act."""

    code = "not_connected"


class ChannelSlow(ChannelError):
    """The channel did not answer in time or asked for patience; the same may be tried again."""

    code = "channel_slow"


class ChannelRefused(ChannelError):
    """The channel said no for good; a person must look."""

    code = "channel_refused"


class DoneTwice(ChannelError):
    """The platform did the same thing twice; a person must look."""

    code = "done_twice"


class Unreadable(ChannelError):
    """A payload is not what it should be; nothing was taken from it."""

    code = "unreadable"
