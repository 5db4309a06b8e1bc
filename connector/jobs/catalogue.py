"""Every job there is, by the name under which it is enqueued."""

from collections.abc import Mapping
from typing import Protocol

from connector.application import Application, Step
from connector.services import (
    ask_payment,
    bill_balance,
    check_app,
    collect_balance,
    doctor,
    expire_return,
    export_person,
    forget_old,
    forget_person,
    forget_shop,
    keep_prices,
    mail_receipt,
    mirror_return,
    reissue_credit,
    reread_native,
    settle_return,
    surface_stuck,
    take_deliveries,
    tell_programs,
    watch_app,
    watch_store,
)
from connector.storage.shop_store import Shop


class Job(Protocol):
    """A job for a shop; it may be run again after a crash and goes on from its last finished step."""

    def __call__(self, app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
        """Carry out the job; what it raises ends it as failed."""


CATALOGUE: Mapping[str, Job] = {
    ask_payment.JOB: bill_balance.bill_balance,
    ask_payment.LOOK_JOB: bill_balance.look_at_bill,
    reissue_credit.JOB: reissue_credit.reissue_credit,
    settle_return.JOB: settle_return.carry_out_legs,
    take_deliveries.JOB: take_deliveries.reread_order,
    tell_programs.JOB: tell_programs.tell,
    expire_return.JOB: expire_return.watch_unsent,
    collect_balance.JOB: collect_balance.watch_unpaid,
    watch_store.JOB: watch_store.watch_store,
    surface_stuck.JOB: surface_stuck.surface_stuck,
    forget_old.JOB: forget_old.forget_old,
    keep_prices.JOB: keep_prices.keep_prices,
    mail_receipt.JOB: mail_receipt.send_receipt,
    mirror_return.JOB: mirror_return.mirror_return,
    doctor.JOB: doctor.daily,
    reread_native.JOB: reread_native.reread_native,
    watch_app.JOB: watch_app.watch_app,
    check_app.JOB: check_app.check_app,
    export_person.JOB: export_person.export_person,
    forget_person.JOB: forget_person.forget_person,
    forget_shop.JOB: forget_shop.forget_shop,
}
"""The catalogue; a name is never used anew for something else, since jobs outlive a deploy."""
