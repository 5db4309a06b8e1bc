"""What an owner sees of the machinery, and what they can do about it: begin anew, cancel, look again."""

from collections.abc import Mapping

from msgspec import Struct

from connector.application import Application, SeenJob
from connector.services import take_deliveries, tell_programs
from connector.services.audit import COMMAND_LINE, Audited, record
from connector.services.errors import NotFound
from connector.storage import command_store, settlement_store
from connector.storage.database import Unit
from connector.storage.delivery_store import KeptDelivery
from connector.storage.shop_store import Shop
from connector.storage.webhook_store import Message
from domain.events import Actor
from domain.settlement import Leg, LegState

STATES = ("failed", "running", "waiting")
SHOWN = 50


class Machinery(Struct, frozen=True):
    """Jobs by state, and what waits for a person: uncertain payments, unreadable deliveries, untaken messages."""

    jobs: Mapping[str, tuple[SeenJob, ...]]
    unknown: tuple[Leg, ...]
    deliveries: tuple[KeptDelivery, ...]
    messages: tuple[Message, ...]


def machinery(app: Application, shop: Shop) -> Machinery:
    """How the shop's machinery stands, each list up to 50."""
    with app.database.read(shop) as unit:
        waiting = settlement_store.waiting_for_a_person(unit)
    return Machinery(
        jobs={state: tuple(app.jobs.of_shop(shop, state, limit=SHOWN)) for state in STATES},
        unknown=tuple(leg for leg in waiting if leg.state == LegState.UNKNOWN),
        deliveries=take_deliveries.needing_a_person(app, shop),
        messages=tell_programs.given_up(app, shop),
    )


def retry(app: Application, shop: Shop, *, job_id: str, key: str, actor: Actor = COMMAND_LINE) -> None:
    """Begin a failed job anew, once per key; it looks at what was done before. Raises NotFound."""
    job = _job(app, shop, job_id, state="failed", key=key)
    if job is None:
        return

    def work(unit: Unit) -> None:
        app.jobs.enqueue(unit, job.name, key=f"{job.key}+{key}", payload=job.payload)
        command_store.keep(unit, key, result={"job": job_id}, at=app.clock())
        record(app, unit, Audited.JOB_RETRIED, actor=actor, about=job.name, details={"job": job_id})

    app.database.write(shop, work)
    app.jobs.forget(shop, job_id)


def cancel(app: Application, shop: Shop, *, job_id: str, key: str, actor: Actor = COMMAND_LINE) -> None:
    """Let a job that waits never begin, once per key; raises NotFound."""
    job = _job(app, shop, job_id, state="waiting", key=key)
    if job is None:
        return

    def work(unit: Unit) -> None:
        command_store.keep(unit, key, result={"job": job_id}, at=app.clock())
        record(app, unit, Audited.JOB_CANCELLED, actor=actor, about=job.name, details={"job": job_id})

    app.jobs.cancel(shop, job_id)
    app.database.write(shop, work)


def _job(app: Application, shop: Shop, job_id: str, *, state: str, key: str) -> SeenJob | None:
    """The job of the shop in that state, None when the key was used before; raises NotFound."""
    with app.database.read(shop) as unit:
        if command_store.get(unit, key) is not None:
            return None
    found = next((job for job in app.jobs.of_shop(shop, state, limit=SHOWN) if job.id == job_id), None)
    if found is None:
        raise NotFound(f"No job of this shop that is {state} has that name.")
    return found
