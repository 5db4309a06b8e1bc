"""The plugin under a real WordPress: what is asked under a key is done once, whoever asks at once or dies half-way.

WooCommerce's own classes are a stub (tests/wordpress/stub) that does things in WooCommerce's order and locks nothing.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.waiting import wait_until
from tests.wordpress.goods import a_product, an_order, stock_of
from tests.wordpress.site import Site

SPACE = "/wp-json/wc-backhaul/v1"
AT_ONCE = 4

Document = dict[str, Any]


@pytest.fixture
def site(wordpress: Site) -> Iterator[Site]:
    yield wordpress
    wordpress.php(
        "global $wpdb; $wpdb->query(\"DELETE FROM {$wpdb->options} WHERE option_name LIKE 'stub_%'\"); return 1;"
    )


def refunds(site: Site, order_id: int) -> list[str]:
    found = site.php(f"return array_map( fn( $r ) => $r->get_amount(), wc_get_order( {order_id} )->get_refunds() );")
    return [str(amount) for amount in found]


def paid(site: Site, order_id: int) -> int:
    """How often the gateway was asked."""
    return int(site.php(f"return stub_paid( {order_id} );"))


def pause(site: Site, where: str, seconds: float) -> None:
    site.php(f"return update_option( 'stub_pause_{where}', '{seconds}' );")


def asked(order_id: int, *, amount: str = "43.01", **changes: object) -> Document:
    body = {"order_id": order_id, "amount": amount, "reason": "Return RMA-1 (k)", "api_refund": True, "line_items": []}
    return {**body, **changes}


def key() -> str:
    return f"RMA-{uuid4().hex}"


def refund(site: Site, name: str, body: Document) -> httpx.Response:
    with site.visitor() as visitor:
        return visitor.post(f"{SPACE}/refunds/{name}", json=body)


def all_at_once(act: Callable[[int], httpx.Response], *, times: int = AT_ONCE) -> list[httpx.Response]:
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(act, range(times)))


def act_of(site: Site, name: str) -> Document:
    with site.visitor() as visitor:
        return dict(visitor.get(f"{SPACE}/acts/{name}").json())


class TestRefunds:
    def test_the_same_request_from_many_workers_at_once_is_one_refund(self, site: Site):
        order_id, name = an_order(site), key()
        pause(site, "before_save", 0.3)
        answers = all_at_once(lambda _: refund(site, name, asked(order_id)))
        assert {answer.status_code for answer in answers} == {200}
        assert (refunds(site, order_id), paid(site, order_id)) == (["43.01"], 1)
        assert act_of(site, name)["state"] == "done"

    def test_without_key_and_lock_the_same_requests_are_several_refunds(self, site: Site):
        """What the tests stand on: the stub races as WooCommerce does (fact 2)."""
        order_id = an_order(site)
        site.hold("before_save")
        plain = f"""return wc_create_refund( array( 'order_id' => {order_id}, 'amount' => '43.01', 'reason' => '',
        'line_items' => array(), 'refund_payment' => true ) ) instanceof WC_Order_Refund;"""
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(site.php, plain)
            wait_until(lambda: site.is_held("before_save"))
            site.php(plain)
            site.let_go("before_save")
            first.result()
        assert refunds(site, order_id) == ["43.01", "43.01"]

    def test_other_keys_at_once_never_give_more_than_is_left(self, site: Site):
        order_id = an_order(site)
        pause(site, "before_save", 0.2)
        answers = all_at_once(lambda n: refund(site, key(), asked(order_id, amount="30.00")))
        states = sorted(answer.json()["state"] for answer in answers)
        assert states == ["done", "refused", "refused", "refused"]
        assert (refunds(site, order_id), paid(site, order_id)) == (["30.00"], 1)

    def test_whoever_asks_again_gets_the_same_answer(self, site: Site):
        order_id, name = an_order(site), key()
        first = refund(site, name, asked(order_id, amount="10.00"))
        again = refund(site, name, asked(order_id, amount="10.00"))
        assert first.json() == again.json() == act_of(site, name)
        assert first.json()["outcome"]["refunded_payment"] is True
        assert refunds(site, order_id) == ["10.00"]

    def test_a_key_is_not_used_for_another_refund(self, site: Site):
        order_id, name = an_order(site), key()
        refund(site, name, asked(order_id, amount="10.00"))
        answer = refund(site, name, asked(order_id, amount="11.00"))
        assert (answer.status_code, answer.json()["code"]) == (409, "backhaul_key_used")
        assert refunds(site, order_id) == ["10.00"]

    def test_a_decline_is_kept_and_tried_anew_only_by_who_knows_of_it(self, site: Site):
        order_id, name = an_order(site), key()
        site.php("return update_option( 'stub_declines', '1' );")
        declined = refund(site, name, asked(order_id)).json()
        assert (declined["state"], declined["outcome"]["message"]) == ("refused", "Refund declined by StubPay")
        site.php("return delete_option( 'stub_declines' );")
        assert refund(site, name, asked(order_id)).json() == declined
        assert refund(site, name, asked(order_id, turn=2)).json()["state"] == "done"
        assert refund(site, name, asked(order_id)).json()["state"] == "done"
        assert refunds(site, order_id) == ["43.01"]

    def test_the_mark_and_the_status_are_as_without_the_plugin(self, site: Site):
        order_id, name = an_order(site), key()
        refund(site, name, asked(order_id, meta_data=[{"key": "_return_request_id", "value": "RMA-1"}]))
        kept = site.php(
            f"""$order = wc_get_order( {order_id} ); $refund = $order->get_refunds()[0]; return array(
            $refund->get_meta( '_backhaul_key' ), $refund->get_meta( '_return_request_id' ), $order->get_status() );"""
        )
        assert kept == [name, "RMA-1", "refunded"]

    def test_money_by_hand_asks_no_gateway(self, site: Site):
        order_id, name = an_order(site, gateway="cod"), key()
        assert refund(site, name, asked(order_id, api_refund=False)).json()["state"] == "done"
        assert (refunds(site, order_id), paid(site, order_id)) == (["43.01"], 0)

    @pytest.mark.parametrize("change", [{"amount": 43.01}, {"amount": "much"}, {"order_id": 0}])
    def test_what_is_not_as_it_should_be_is_refused(self, site: Site, change: Document):
        answer = refund(site, key(), {**asked(an_order(site)), **change})
        assert answer.status_code == 400

    def test_only_who_has_the_stores_key_may_ask(self, site: Site):
        order_id = an_order(site)
        with site.visitor(key=None) as stranger:
            answers = [
                stranger.get(f"{SPACE}/status"),
                stranger.get(f"{SPACE}/acts/x"),
                stranger.post(f"{SPACE}/refunds/x", json=asked(order_id)),
                stranger.post(f"{SPACE}/restocks/x", json={"lines": []}),
            ]
        assert {answer.status_code for answer in answers} == {401}
        assert refunds(site, order_id) == []


class TestKilled:
    """The worker that carries an act out dies at each of its moments; its claim is then old, as after two minutes."""

    def test_before_anything_was_written_the_next_one_makes_it(self, site: Site):
        order_id, name = an_order(site), key()
        die_while(site, "before_save", name, asked(order_id))
        assert act_of(site, name)["state"] == "abandoned"
        assert refund(site, name, asked(order_id)).json()["state"] == "done"
        assert (refunds(site, order_id), paid(site, order_id)) == (["43.01"], 1)

    def test_a_refund_by_hand_that_was_written_down_is_adopted(self, site: Site):
        order_id, name = an_order(site), key()
        die_while(site, "before_gateway", name, asked(order_id, api_refund=False))
        assert refund(site, name, asked(order_id, api_refund=False)).json()["state"] == "done"
        assert refunds(site, order_id) == ["43.01"]

    def test_while_the_gateway_was_asked_nobody_asks_it_again(self, site: Site):
        order_id, name = an_order(site), key()
        die_while(site, "in_gateway", name, asked(order_id))
        assert refund(site, name, asked(order_id)).json()["state"] == "unknown"
        assert paid(site, order_id) == 1

    def test_after_the_gateway_has_given_it_is_adopted(self, site: Site):
        order_id, name = an_order(site), key()
        die_while(site, "after_gateway", name, asked(order_id))
        answer = act_of(site, name)
        assert (answer["state"], answer["outcome"]["amount"]) == ("done", "43.01")
        assert refund(site, name, asked(order_id)).json() == answer
        assert paid(site, order_id) == 1
        assert site.php(f"return wc_get_order( {order_id} )->get_status();") == "refunded"

    def test_in_the_midst_of_stock_nothing_is_raised_and_then_all(self, site: Site):
        first, second, name = a_product(site), a_product(site), key()
        body = {"lines": [{"product_id": first, "quantity": 1}, {"product_id": second, "quantity": 1}]}
        die_while(site, "in_stock", name, body, path="restocks")
        assert (stock_of(site, first), stock_of(site, second)) == (8, 8)
        with site.visitor() as visitor:
            assert visitor.post(f"{SPACE}/restocks/{name}", json=body).json()["state"] == "done"
        assert (stock_of(site, first), stock_of(site, second)) == (9, 9)

    def test_a_worker_that_slept_until_its_claim_was_anothers_asks_no_gateway(self, site: Site):
        order_id, name = an_order(site), key()
        site.hold("before_save")
        sleeper = threading.Thread(target=refund, args=(site, name, asked(order_id)))
        sleeper.start()
        wait_until(lambda: site.is_held("before_save"))
        grow_old(site, name)
        refund(site, name, asked(order_id))
        site.let_go("before_save")
        sleeper.join()
        assert (refunds(site, order_id), paid(site, order_id)) == (["43.01"], 1)


class TestStock:
    def test_the_same_request_from_many_workers_at_once_raises_stock_once(self, site: Site):
        product_id, name = a_product(site), key()
        body = {"lines": [{"product_id": product_id, "quantity": 2}]}
        all_at_once(lambda _: httpx_post(site, f"restocks/{name}", body))
        assert stock_of(site, product_id) == 10

    def test_sales_in_the_same_moment_are_not_lost(self, site: Site):
        product_id = a_product(site, stock=100)
        body = {"lines": [{"product_id": product_id, "quantity": 1}]}
        sell = f"""for ( $n = 0; $n < 10; $n++ )
        {{ wc_update_product_stock( wc_get_product( {product_id} ), 1, 'decrease' ); }} return 1;"""
        with ThreadPoolExecutor(2) as pool:
            sale = pool.submit(site.php, sell)
            answers = [httpx_post(site, f"restocks/{key()}", body) for _ in range(10)]
            sale.result()
        assert {answer.json()["state"] for answer in answers} == {"done"}
        assert stock_of(site, product_id) == 100

    def test_what_is_gone_or_not_counted_is_left_out(self, site: Site):
        counted, uncounted = a_product(site), a_product(site, counted=False)
        lines = [{"product_id": one, "quantity": 1} for one in (counted, uncounted, 999999)]
        assert httpx_post(site, f"restocks/{key()}", {"lines": lines}).json()["state"] == "done"
        assert (stock_of(site, counted), stock_of(site, uncounted)) == (9, 8)


def httpx_post(site: Site, path: str, body: Document) -> httpx.Response:
    with site.visitor() as visitor:
        return visitor.post(f"{SPACE}/{path}", json=body)


def die_while(site: Site, where: str, name: str, body: Document, *, path: str = "refunds") -> None:
    """Let a PHP process of its own begin the act, and kill it while it is at a place."""
    site.hold(where)
    process = site.asking(f"/{SPACE.removeprefix('/wp-json/')}/{path}/{name}", body)
    try:
        wait_until(lambda: site.is_held(where))
    finally:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
    site.let_go(where)
    site.php(f"return delete_option( 'stub_hold_{where}' );")
    grow_old(site, name)


def grow_old(site: Site, name: str) -> None:
    """As if the time of a claim, and of the lock that it holds, were over."""
    site.php(
        f"""global $wpdb; $wpdb->query( "UPDATE {{$wpdb->prefix}}backhaul_locks SET ends_at = 1" );
        return $wpdb->query( "UPDATE {{$wpdb->prefix}}backhaul_acts SET ends_at = 1 WHERE act_key = '{name}'" );"""
    )
