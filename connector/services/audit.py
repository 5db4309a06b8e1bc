"""The audit log of a shop: sign-ins, people, settings, overrides and exports; append-only."""

from collections.abc import Mapping
from enum import StrEnum

from connector.application import Application
from connector.storage import audit_store
from connector.storage.audit_store import Line
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.events import Actor

PAGE = 50
EVERYTHING = 1_000_000


class Audited(StrEnum):
    """What is written down."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    PASSWORD_SET = "password_set"  # noqa: S105  an act, not a password
    LINK_MADE = "link_made"
    PERSON_ADDED = "person_added"
    ROLE_CHANGED = "role_changed"
    PERSON_RENAMED = "person_renamed"
    PERSON_DISABLED = "person_disabled"
    PERSON_ENABLED = "person_enabled"
    POLICY_CHANGED = "policy_changed"
    ORIGIN_ALLOWED = "origin_allowed"
    ORIGIN_FORBIDDEN = "origin_forbidden"
    DETAILS_CHANGED = "details_changed"
    STORE_WAYS_CHANGED = "store_ways_changed"
    OVERRIDDEN = "overridden"
    APPROVED = "approved"
    LOCATION_ADDED = "location_added"
    LOCATION_CHANGED = "location_changed"
    LOCATION_CLOSED = "location_closed"
    LOCATION_OPENED = "location_opened"
    DEVICE_ADDED = "device_added"
    DEVICE_REMOVED = "device_removed"
    TRAINING_BEGUN = "training_begun"
    TRAINING_ENDED = "training_ended"
    SHIFT_BEGUN = "shift_begun"
    SHIFT_LOCKED = "shift_locked"
    PIN_WRONG = "pin_wrong"
    PIN_SET = "pin_set"
    PIN_LENT = "pin_lent"
    EXPORTED = "exported"
    TOKEN_MADE = "token_made"  # noqa: S105  an act, not a token
    TOKEN_REVOKED = "token_revoked"  # noqa: S105  an act, not a token
    ENDPOINT_ADDED = "endpoint_added"
    ENDPOINT_REMOVED = "endpoint_removed"
    SECRET_REPLACED = "secret_replaced"  # noqa: S105  an act, not a secret
    JOB_RETRIED = "job_retried"
    JOB_CANCELLED = "job_cancelled"
    DELIVERY_REPLAYED = "delivery_replayed"
    CHECKUP_ASKED = "checkup_asked"
    MESSAGE_REPLAYED = "message_replayed"
    APP_INSTALLED = "app_installed"
    APP_REMOVED = "app_removed"
    PERSON_FORGOTTEN = "person_forgotten"
    PERSON_ASKED = "person_asked"


COMMAND_LINE = Actor(kind="system", name="command line")


def record(
    app: Application, unit: Unit, act: Audited, *, actor: Actor, about: str, details: Mapping[str, object] | None = None
) -> None:
    """Write an act down, in the transaction that it happens in."""
    kind, name = actor.kind, actor.name
    audit_store.add(unit, act, actor_kind=kind, actor_name=name, about=about, details=details or {}, at=app.clock())


def overridden(app: Application, unit: Unit, actor: Actor, *, about: str, said: Mapping[str, object]) -> None:
    """A person decided what the rules or a channel left to a person."""
    record(app, unit, Audited.OVERRIDDEN, actor=actor, about=about, details=said)


def read(app: Application, shop: Shop, *, before: int | None = None) -> tuple[Line, ...]:
    """A page of the log, newest first."""
    with app.database.read(shop) as unit:
        return audit_store.lines(unit, before=before, limit=PAGE)


def export(app: Application, shop: Shop, *, actor: Actor) -> tuple[Line, ...]:
    """The whole log, newest first; that it was taken away is written down first."""

    def taken(unit: Unit) -> tuple[Line, ...]:
        record(app, unit, Audited.EXPORTED, actor=actor, about="audit log")
        return audit_store.lines(unit, limit=EVERYTHING)

    return app.database.write(shop, taken)
