import json

import httpx
import pytest

from adapters.errors import ChannelSlow
from adapters.woocommerce.faults import KeyRefused, NoSuchRoute, NoSuchThing, StoreRefused, no_json, of_answer
from tests.recordings import path_of


def recorded(name: str) -> httpx.Response:
    response = json.loads(path_of("woocommerce", name).read_bytes())["response"]
    kept = [(key, value) for key, value in response["headers"] if key in ("Content-Type", "Retry-After")]
    return httpx.Response(response["status"], headers=kept, text=response["body_text"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("refund-05-over-refund", StoreRefused),
        ("refund-10-api-refund-true-cod", StoreRefused),
        ("refund-31-api-refund-true-gateway-declines", StoreRefused),
        ("refund-08-negative-amount", StoreRefused),
        ("refund-22-unknown-order", NoSuchThing),
        ("error-404-refund-of-other-order", StoreRefused),
        ("error-404-order", NoSuchThing),
        ("error-404-product", NoSuchThing),
        ("coupons-create-duplicate", StoreRefused),
        ("error-401-bad-secret", KeyRefused),
        ("error-401-bad-key", KeyRefused),
        ("error-401-no-auth", KeyRefused),
        ("error-401-read-key-write", KeyRefused),
        ("error-403-customer-key-list", KeyRefused),
        ("auth-basic-over-http", KeyRefused),
        ("auth-plain-permalink", KeyRefused),
        ("outage-404-woocommerce-inactive", NoSuchRoute),
        ("outage-500-database-down", ChannelSlow),
        ("outage-502-php-down", ChannelSlow),
        ("outage-503-maintenance", ChannelSlow),
    ],
)
def test_facts_4_and_22_every_recorded_refusal_is_told_from_an_outage(name: str, kind: type[Exception]):
    """Facts 4 and 22: `data` may be a bare number, a business error may be HTTP 500, an outage is HTML."""
    assert type(of_answer(recorded(name))) is kind


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (404, "<html><title>Page not found</title>", "Permalinks"),
        (403, "<html>Access denied by Wordfence", "firewall"),
        (503, "<html><title>Just a moment...</title>", "firewall"),
        (401, "<html>Authorization required", "password of its own"),
        (418, "<html>teapot", "is this a WooCommerce store"),
    ],
)
def test_pages_of_others_are_said_to_be_theirs(status: int, text: str, said: str):
    assert said in of_answer(httpx.Response(status, text=text)).message


def test_a_store_that_moved_says_where_to():
    answer = httpx.Response(301, headers={"location": "https://www.shop.example/wp-json/wc/v3/orders?per_page=1"})
    assert "https://www.shop.example. Connect" in of_answer(answer).message


def test_a_front_page_in_place_of_the_api_is_about_permalinks_and_a_challenge_is_a_firewall():
    assert "Permalinks" in no_json(httpx.Response(200, text="<html>Welcome to our shop")).message
    assert "firewall" in no_json(httpx.Response(200, text="<html>Please solve this captcha")).message
