"""Messages are signed as the specification's own example says."""

from datetime import UTC, datetime

import pytest

from webhooks.outgoing import headers, secret_of

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
AT = datetime.fromtimestamp(1614265330, UTC)


def test_the_example_of_the_specification_comes_out():
    made = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", BODY, at=AT, secrets=[SECRET])
    assert made["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert made["webhook-timestamp"] == "1614265330"
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_a_secret_is_replaced_both_sign():
    both = headers("m", BODY, at=AT, secrets=[SECRET, secret_of(b"x" * 24)])["webhook-signature"].split(" ")
    alone = [headers("m", BODY, at=AT, secrets=[one])["webhook-signature"] for one in (SECRET, secret_of(b"x" * 24))]
    assert both == alone


@pytest.mark.parametrize("secrets", [[], ["whsec_***"], ["whsec_"]])
def test_nothing_goes_out_unsigned(secrets):
    with pytest.raises(ValueError, match=r"signed|base64|empty"):
        headers("m", BODY, at=AT, secrets=secrets)


@pytest.mark.parametrize("length", [0, 23, 65])
def test_a_secret_is_long_enough(length):
    with pytest.raises(ValueError, match="bytes"):
        secret_of(b"x" * length)
