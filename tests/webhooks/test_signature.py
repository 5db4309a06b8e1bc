import base64
import hashlib
import hmac

import pytest

from webhooks.signature import is_signed, sign

BODY = b'{"id":1}'


def test_a_signature_is_the_base64_of_hmac_sha256():
    made = sign(b"lab-webhook-secret-1", b'{"id":64}')
    assert made == "kcPNFj+X6Oz6hpeWiCSc7iXYU7nvSDDNrBXRYoZ6YZY="


@pytest.mark.parametrize("secrets", [[b"right"], [b"old", b"right"]])
def test_any_one_of_the_secrets_will_do(secrets):
    assert is_signed(BODY, sign(b"right", BODY), secrets=secrets)


@pytest.mark.parametrize("secrets", [[], [b""], [b"wrong"], [b"", b"wrong"]])
def test_no_other_secret_will_do_and_an_empty_one_never(secrets):

    by_nobody = base64.b64encode(hmac.new(b"", BODY, hashlib.sha256).digest()).decode()
    assert not is_signed(BODY, sign(b"right", BODY), secrets=secrets)
    assert not is_signed(BODY, by_nobody, secrets=secrets)


@pytest.mark.parametrize("signature", ["", " ", "é", "\udc80", "AAAA"])
def test_what_is_no_signature_is_refused_and_never_a_fault(signature):
    assert not is_signed(BODY, signature, secrets=[b"right"])


def test_one_changed_byte_is_another_body():
    assert not is_signed(BODY + b" ", sign(b"right", BODY), secrets=[b"right"])


def test_an_empty_secret_signs_nothing():
    with pytest.raises(ValueError, match="empty secret"):
        sign(b"", BODY)
