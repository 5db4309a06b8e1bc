"""The tokens of a shop at Shopify are renewed in time, by one process, and kept sealed."""

import pytest

from adapters.errors import ChannelSlow
from adapters.shopify.faults import TokenRefused
from connector.services import app_tokens, install_app
from tests.connector.services.at_shopify import connection_of, demo, header, now, platform, tokens_of
from tests.shops import TestShop
from tests.simulators.shopify import SimulatedShop

__all__ = ["demo", "platform"]


class TestTokens:
    def test_a_token_is_renewed_before_it_expires(self, demo: TestShop, platform: SimulatedShop):
        before = tokens_of(demo).current()
        demo.clock.move(minutes=56)
        after = tokens_of(demo).current()
        assert before != after
        assert list(platform.books.read()["tokens"]) == [after]

    def test_a_refused_token_is_renewed_by_whoever_comes_first(self, demo: TestShop, platform: SimulatedShop):
        refused = tokens_of(demo).current()
        first = tokens_of(demo).renewed(refused)
        assert tokens_of(demo).renewed(refused) == first
        assert len(platform.asked("refresh_token")) == 1

    def test_an_outage_during_renewal_uses_the_token_while_it_lasts(self, demo: TestShop, platform: SimulatedShop):
        before = tokens_of(demo).current()
        demo.clock.move(minutes=57)
        platform.goes_wrong("520", at="refresh_token", times=2)
        assert tokens_of(demo).current() == before
        demo.clock.move(minutes=10)
        with pytest.raises(ChannelSlow):
            tokens_of(demo).current()

    def test_a_refresh_that_was_used_up_unheard_is_mended_by_the_next_visit(
        self, demo: TestShop, platform: SimulatedShop
    ):
        platform.goes_wrong("lost answer", at="refresh_token")
        demo.clock.move(minutes=70)
        with pytest.raises(ChannelSlow):
            tokens_of(demo).current()
        with pytest.raises(TokenRefused, match="Open Backhaul once"):
            tokens_of(demo).current()
        assert connection_of(demo.app, demo).details[app_tokens.NEEDS_VISIT] is True
        demo.clock.now = now()
        install_app.visit(demo.app, header=header(platform))
        assert connection_of(demo.app, demo).details[app_tokens.NEEDS_VISIT] is False
        assert demo.app.channels.for_shop(demo.shop, "shopify").find_order("1001") is None

    def test_only_one_process_renews_at_a_time(self, demo: TestShop, monkeypatch: pytest.MonkeyPatch):
        first, second = tokens_of(demo), tokens_of(demo)
        refused = first.current()
        assert demo.app.database.write(demo.shop, first._taken)
        monkeypatch.setattr(app_tokens, "WAITS_SECONDS", 0.2)
        with pytest.raises(ChannelSlow, match="Another process"):
            second.renewed(refused)
        demo.clock.move(seconds=app_tokens.LEASE_LASTS.total_seconds() + 1)
        assert second.renewed(refused) != refused
