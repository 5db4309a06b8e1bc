"""Whatever is printed of a record, in a trace or a log, no secret is in it."""

import pytest

from connector.mailer import Mailer
from connector.services.approve_at_counter import Given
from connector.services.sign_in import Browser, Credentials
from connector.services.talk_effects import Talk
from connector.web.letterbox import Source

SECRET = "hunter2"


@pytest.mark.parametrize(
    "record",
    [
        Mailer(f"smtps://shop:{SECRET}@mail.example", "shop@example.com"),
        Credentials("sam", SECRET),
        Browser(address="192.0.2.1", held=SECRET),
        Given("It was agreed.", pin=SECRET, credentials=Credentials("sam", SECRET)),
        Talk("c_1", "192.0.2.1", token=SECRET),
        Source(None, "shopify", None, secrets=(SECRET,)),
    ],
    ids=lambda record: type(record).__name__,
)
def test_a_secret_is_not_in_the_picture_of_what_holds_it(record: object):
    assert SECRET not in repr(record)
    assert type(record).__name__ in repr(record)
