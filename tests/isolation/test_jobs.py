"""A job that is told ids of another shop finds nothing by them, whichever job it is."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from msgspec.structs import replace

from adapters.errors import ChannelError
from connector.jobs.catalogue import CATALOGUE
from connector.services.app_deliveries import CHECK_APP, EXPORT_PERSON, FORGET_PERSON, FORGET_SHOP, REREAD_NATIVE
from connector.services.ask_payment import JOB as BILL
from connector.services.ask_payment import LOOK_JOB as LOOK_AT_BILL
from connector.services.collect_balance import JOB as UNPAID
from connector.services.doctor import JOB as DOCTOR
from connector.services.errors import ServiceError
from connector.services.expire_return import JOB as EXPIRE
from connector.services.forget_old import JOB as FORGET
from connector.services.keep_prices import JOB as PRICES
from connector.services.mail_receipt import JOB as MAIL
from connector.services.mirror_return import JOB as MIRROR
from connector.services.reissue_credit import JOB as REISSUE
from connector.services.settle_return import JOB as SETTLE
from connector.services.surface_stuck import JOB as SURFACE
from connector.services.take_deliveries import JOB as REREAD
from connector.services.tell_programs import JOB as TELL
from connector.services.watch_app import JOB as WATCH_APP
from connector.services.watch_store import JOB as WATCH
from connector.storage.errors import StorageError
from connector.storage.shop_store import Shop
from tests.isolation.two_shops import PRIVATE, Filled, TwoShops

LONG = timedelta(days=90)
"""After so long every job has something to do."""

Payload = Mapping[str, object]

PAYLOADS: Mapping[str, Callable[[Filled], Payload]] = {
    BILL: lambda filled: {"leg": filled.names["due"]},
    LOOK_AT_BILL: lambda filled: {"leg": filled.names["due"]},
    REISSUE: lambda filled: {"order_id": filled.names["order"], "channel": "store"},
    SETTLE: lambda filled: {"legs": [filled.names["due"]]},
    TELL: lambda filled: {"endpoint": 1, "message": filled.names["waiting_message"], "round": 0, "tries": 0},
    REREAD: lambda filled: {
        "order_id": filled.names["order"],
        "delivery_id": filled.names["delivery"],
        "channel": "store",
    },
    EXPIRE: lambda _: {},
    UNPAID: lambda _: {},
    SURFACE: lambda _: {},
    FORGET: lambda _: {},
    WATCH: lambda _: {},
    WATCH_APP: lambda _: {},
    DOCTOR: lambda _: {},
    MIRROR: lambda filled: {"return_id": filled.names["alike"]},
    PRICES: lambda _: {"product_id": "tee", "channel": "store"},
    MAIL: lambda filled: {"letter": filled.names["letter"]},
    **{
        name: lambda filled, name=name: {"delivery_id": filled.names[f"{name}_delivery"]}
        for name in (REREAD_NATIVE, CHECK_APP, EXPORT_PERSON, FORGET_PERSON, FORGET_SHOP)
    },
}
"""For every job a payload that names things of a shop which the job would change there."""


def run(both: TwoShops, name: str, *, shop: Shop) -> str:
    """What a job for a shop says when it is told what the other shop's things are called."""
    later = replace(both.app, clock=lambda: both.app.clock() + LONG)
    try:
        CATALOGUE[name](later, shop, step=lambda _, act: act(), payload=PAYLOADS[name](both.theirs))
    except (ServiceError, StorageError, ChannelError) as refusal:
        return str(refusal)
    return ""


def test_every_job_is_run():
    missing = set(CATALOGUE) - set(PAYLOADS)
    assert missing == set(), "add what each of these is told to PAYLOADS in tests/isolation/test_jobs.py"


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_job_changes_nothing_of_another_shop_and_takes_nothing_from_it(both: TwoShops, name: str):
    before = both.rows(both.theirs.shop)
    said = run(both, name, shop=both.mine.shop)
    assert both.rows(both.theirs.shop) == before
    assert PRIVATE not in said.lower()
    assert PRIVATE not in str(both.rows(both.mine.shop))


LAST = (FORGET_PERSON, FORGET_SHOP)
"""After these, others have nothing to do."""
ASKING = {WATCH, WATCH_APP, MIRROR, BILL, LOOK_AT_BILL, REISSUE, MAIL}
"""These ask a platform or a mail server, and none answers here."""


@pytest.mark.parametrize("name", [*sorted(set(CATALOGUE) - ASKING - set(LAST)), *LAST])
def test_the_same_job_for_the_other_shop_itself_has_something_to_do(both: TwoShops, name: str):
    before = both.rows(both.theirs.shop)
    run(both, name, shop=both.theirs.shop)
    assert both.rows(both.theirs.shop) != before
