"""The plugin's pages under a real WordPress: storefront, account, the order in the admin, settings, clean-up."""

import html
import json
import re
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.woocommerce.signed_token import Claims, read_token
from connector.services import connect_store, store_plugin
from tests.shops import SAM, a_shop
from tests.simulators.woocommerce import simulated_store
from tests.simulators.woocommerce.books import KEY, SECRET
from tests.wordpress.goods import an_order
from tests.wordpress.site import Site

BACKHAUL = "https://returns.example.com"
SHARED = "a-secret-that-both-know"
ADMIN = 1
SETTINGS = f"'address' => '{BACKHAUL}', 'shop' => 'corner', 'secret' => '{SHARED}'"


@pytest.fixture
def site(wordpress: Site) -> Site:
    """Connected, as after the download of the plugin was switched on."""
    wordpress.php(f"return update_option( 'backhaul_returns', array( {SETTINGS} ) );")
    return wordpress


@pytest.fixture
def bob(site: Site) -> int:
    """A customer."""
    name = f"bob-{uuid4().hex[:8]}"
    return int(
        site.php(
            f"""return wp_insert_user( array( 'user_login' => '{name}', 'user_pass' => 'x',
            'user_email' => '{name}@example.com', 'role' => 'customer' ) );"""
        )
    )


def written(site: Site, content: str, *, slug: str = "") -> str:
    """The address of a page with this content."""
    slug = slug or f"page-{uuid4().hex[:8]}"
    known = f"'post_type' => 'page', 'post_status' => 'publish', 'post_name' => '{slug}', 'post_title' => 'P'"
    site.php(f"return wp_insert_post( array( {known}, 'post_content' => '{content}' ) );")
    return f"/{slug}/"


def scripts_of(page: str) -> list[dict[str, str]]:
    """The assistants on a page, each by its attributes."""
    tags = re.findall(r"<script([^>]*widget\.js[^>]*)></script>", page)
    return [{name: html.unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)} for tag in tags]


def claims_in(token: str, *, shop: str = "corner", secret: str = SHARED) -> Claims | None:
    return read_token(token, secret=secret, shop=shop, now=datetime.now(UTC))


class TestStorefront:
    @pytest.mark.parametrize("content", ["[backhaul_returns]", "<!-- wp:backhaul/returns /-->"])
    def test_the_assistant_stands_where_the_shortcode_or_the_block_is(self, site: Site, content: str):
        with site.visitor(key=None) as visitor:
            page = visitor.get(written(site, content)).text
        inline = [one for one in scripts_of(page) if one["data-mode"] == "inline"]
        assert inline == [
            {"src": f"{BACKHAUL}/widget.js", "data-shop": "corner", "data-mode": "inline", "data-language": "en"}
        ]
        assert f'<noscript><a href="{BACKHAUL}/shops/corner/returns">' in page

    def test_it_stands_in_the_corner_of_every_page_with_no_word_of_who_is_signed_in(self, site: Site, bob: int):
        with site.signed_in(bob) as browser:
            (launcher,) = scripts_of(browser.get("/").text)
        assert (launcher["data-mode"], "data-customer" in launcher) == ("launcher", False)

    def test_it_can_be_taken_out_of_the_corner(self, site: Site):
        site.php(f"return update_option( 'backhaul_returns', array( {SETTINGS}, 'launcher' => 'no' ) );")
        with site.visitor(key=None) as visitor:
            assert scripts_of(visitor.get("/").text) == []

    def test_without_a_connection_nothing_is_shown(self, site: Site):
        site.php("return delete_option( 'backhaul_returns' );")
        with site.visitor(key=None) as visitor:
            assert scripts_of(visitor.get(written(site, "[backhaul_returns]")).text) == []

    def test_an_attribute_cannot_break_out_of_the_page(self, site: Site):
        with site.visitor(key=None) as visitor:
            page = visitor.get(written(site, '[backhaul_returns mode="x&quot; onload=&quot;alert(1)"]')).text
        assert [one["data-mode"] for one in scripts_of(page)] == ["inline", "launcher"]
        assert "onload" not in page.split("widget.js")[1].split(">")[0]


class TestAccount:
    def test_an_order_of_theirs_leads_to_the_assistant_with_a_token_for_it(self, site: Site, bob: int):
        order_id = an_order(site, customer=bob, email="bob@example.com")
        written(site, "[stub_account]", slug="my-account")
        with site.signed_in(bob) as browser:
            account = browser.get("/my-account/").text
            link = html.unescape(re.findall(rf'<a href="([^"]*)">Return items {order_id}</a>', account)[0])
            (shown,) = scripts_of(browser.get(link).text)
        assert shown["data-mode"] == "inline"
        assert claims_in(shown["data-customer"]) == Claims("shopper", str(bob), "bob@example.com", str(order_id))

    def test_without_an_order_the_token_says_who_is_signed_in(self, site: Site, bob: int):
        written(site, "[stub_account]", slug="my-account")
        with site.signed_in(bob) as browser:
            (shown,) = scripts_of(browser.get("/my-account/return-items/").text)
        claims = claims_in(shown["data-customer"])
        assert claims is not None
        assert (claims.order_id, claims.customer, claims.email.endswith("@example.com")) == ("", str(bob), True)

    def test_an_order_of_somebody_else_is_not_signed(self, site: Site, bob: int):
        theirs = an_order(site, customer=bob + 1000, email="eve@example.com")
        with site.signed_in(bob) as browser:
            (shown,) = scripts_of(browser.get(f"/my-account/return-items/?order={theirs}").text)
        claims = claims_in(shown["data-customer"])
        assert claims is not None
        assert (claims.order_id, "eve" in claims.email) == ("", False)

    def test_a_token_is_believed_with_the_shops_own_secret_only(self, site: Site):
        token = site.php("return Backhaul_Token::of_staff( 5 );")
        assert claims_in(token) == Claims("staff", "", "", "5")
        assert claims_in(token, secret="another") is None
        assert claims_in(token, shop="another") is None

    def test_words_of_other_letters_are_signed_as_they_are(self, site: Site):
        token = site.php("return Backhaul_Token::signed( array( 'for' => 'shopper', 'customer' => '山/é',"
                         " 'email' => 'ü@example.com', 'order' => '' ) );")  # fmt: skip
        assert claims_in(token) == Claims("shopper", "山/é", "ü@example.com", "")


@dataclass
class Told:
    """What the plugin asked Backhaul, and what it is told."""

    returns: list[object] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def answering(told: Told) -> Iterator[str]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.path, self.headers.get("Authorization", "")))
            said = json.dumps({"returns": told.returns}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


PANEL = """ob_start(); wp_set_current_user( 1 ); require_once ABSPATH . 'wp-admin/includes/template.php';
Backhaul_Order_Panel::show( %s ); return ob_get_clean();"""


class TestPanel:
    def test_it_stands_on_the_page_of_an_order_that_is_a_post(self, site: Site):
        order_id = an_order(site)
        with answering(Told()) as address:
            site.php(f"return update_option( 'backhaul_returns', array( {SETTINGS}, 'address' => '{address}' ) );")
            with site.signed_in(ADMIN) as browser:
                page = browser.get(f"/wp-admin/post.php?post={order_id}&action=edit").text
        assert 'id="backhaul-returns"' in page
        assert "Nothing of this order has come back." in page

    def test_it_stands_on_the_page_of_orders_in_tables_of_their_own(self, site: Site):
        boxes = site.php(
            """foreach ( array( 'template', 'screen', 'class-wp-screen' ) as $part )
            { require_once ABSPATH . "wp-admin/includes/$part.php"; }
            update_option( 'stub_hpos', '1' ); Backhaul_Order_Panel::add(); delete_option( 'stub_hpos' );
            global $wp_meta_boxes; return array_keys( $wp_meta_boxes );"""
        )
        assert {"shop_order", "woocommerce_page_wc-orders"} <= set(boxes)

    @pytest.mark.parametrize("shown", ["get_post( {order} )", "wc_get_order( {order} )"], ids=["post", "order"])
    def test_it_tells_the_returns_of_the_order_and_asks_with_a_token_for_it(self, site: Site, shown: str):
        order_id = an_order(site)
        found = {
            "id": "RMA-1", "status": "Received", "link": "https://x.example/r",
            "items": [{"quantity": 2, "title": "<b>"}],
        }  # fmt: skip
        told = Told(returns=[found])
        with answering(told) as address:
            site.php(f"return update_option( 'backhaul_returns', array( {SETTINGS}, 'address' => '{address}' ) );")
            page = site.php(PANEL % shown.format(order=order_id))
        ((path, bearer),) = told.asked
        assert path == "/shops/corner/connect/woocommerce/returns"
        assert claims_in(bearer.removeprefix("Bearer ")) == Claims("staff", "", "", str(order_id))
        assert "<strong>RMA-1</strong></a>: Received<br>2 × &lt;b&gt;" in page

    def test_that_backhaul_cannot_be_asked_is_said(self, site: Site):
        order_id = an_order(site)
        site.php(f"return update_option( 'backhaul_returns', array( {SETTINGS}, 'address' => 'http://127.0.0.1:9' ) );")
        assert "could not be read just now" in site.php(PANEL % f"wc_get_order( {order_id} )")


class TestSettings:
    def test_a_shop_manager_sees_them_and_a_customer_does_not(self, site: Site, bob: int):
        with site.signed_in(ADMIN) as browser:
            page = browser.get("/wp-admin/admin.php?page=backhaul-returns").text
        assert f'value="{BACKHAUL}"' in page
        with site.signed_in(bob) as browser:
            assert browser.get("/wp-admin/admin.php?page=backhaul-returns").status_code == 403

    def test_what_is_typed_is_kept_as_it_may_be(self, site: Site):
        kept = site.php(
            """return Backhaul_Settings::clean( array( 'address' => ' https://r.example.com/ ', 'shop' => 'Corner Shop',
            'secret' => 'a b\"c', 'launcher' => 'on', 'account' => 'yes', 'other' => 'x' ) );"""
        )
        assert kept == {
            "address": "https://r.example.com", "shop": "corner-shop", "secret": "abc",
            "launcher": "no", "account": "yes",
        }  # fmt: skip

    def test_its_words_are_those_of_the_sites_language(self, site: Site):
        compiled(site)
        file = "WP_PLUGIN_DIR . '/backhaul-returns/languages/backhaul-returns-de_DE.mo'"
        said = site.php(f"load_textdomain( 'backhaul-returns', {file} ); return Backhaul_Account::title();")
        assert said == "Artikel zurückgeben"


def compiled(site: Site) -> None:
    """The words as the ZIP file has them."""
    folder = site.folder / "wp-content" / "plugins" / "backhaul-returns" / "languages"
    for file in folder.glob("*.po"):
        file.with_suffix(".mo").write_bytes(store_plugin.compiled(file))


class TestTheFile:
    """`backhaul plugin woocommerce`: what WordPress installs."""

    def test_it_is_a_plugin_that_knows_where_backhaul_is(self, site: Site, tmp_path: Path):
        with simulated_store(tmp_path) as store, a_shop(tmp_path) as demo:
            connect_store.connect(demo.app, demo.shop, address=store.address, key=KEY, secret=SECRET)
            first, again = (store_plugin.package(demo.app, demo.shop, actor=SAM) for _ in range(2))
        assert first == again
        with zipfile.ZipFile(BytesIO(first)) as archive:
            archive.extractall(tmp_path)
            names = set(archive.namelist())
        assert {"backhaul-returns/backhaul-returns.php", "backhaul-returns/languages/backhaul-returns-ja.mo"} <= names
        known = tmp_path / "backhaul-returns" / "connection.php"
        assert subprocess.run(["php", str(known)], capture_output=True, check=True).stdout == b""
        shutil.copy(known, site.folder / "wp-content" / "plugins" / "backhaul-returns")
        kept = site.php("backhaul_returns_activated(); return Backhaul_Settings::all();")
        assert (kept["address"], kept["shop"]) == (demo.app.settings.public_url, "demo")
        assert len(kept["secret"]) >= 40

    def test_who_deletes_the_plugin_deletes_all_that_it_kept(self, site: Site):
        left = """global $wpdb; $tables = $wpdb->get_col( "SHOW TABLES LIKE '%backhaul%'" );
        return array( get_option( 'backhaul_returns' ), $tables );"""
        assert site.php(left)[1] != []
        site.php(
            "define( 'WP_UNINSTALL_PLUGIN', 1 ); require WP_PLUGIN_DIR . '/backhaul-returns/uninstall.php'; return 1;"
        )
        try:
            assert site.php(left) == [False, []]
        finally:
            site.php("backhaul_returns_activated(); return 1;")
