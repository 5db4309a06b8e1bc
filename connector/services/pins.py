"""PINs with which staff begin their shift at a shared device, and managers approve there.

A PIN is short, so it is only ever asked for on a device that a manager set up, tries are counted in the database
before they are judged, and too many in a day keep it shut until a manager resets it.
"""

import hashlib
from datetime import timedelta
from itertools import pairwise

from connector.application import Application
from connector.services.audit import Audited, record
from connector.services.errors import InvalidInput, NotFound, TooManyAttempts
from connector.services.roles import Action, require
from connector.services.sign_in import actor_of
from connector.storage import attempt_store, staff_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff
from domain.events import Actor

SHORTEST, LONGEST, LENT_DIGITS = 4, 8, 6
LENT_LASTS = timedelta(hours=24)
WRONG = "That PIN is not right."
SHUT = "That was tried too often. Wait a while, or let a manager reset the PIN."
TRIES = ((5, 900), (20, 86_400))
"""So many tries in so many seconds: a few in a row, and those of a day."""
TRIES_OF_A_DEVICE = (30, 900)


def change(app: Application, shop: Shop, *, staff: Staff, old: str, new: str) -> None:
    """Set one's own PIN; who has one types it first. Raises InvalidInput, TooManyAttempts."""
    if staff.pin_hash is not None:
        try:
            check(app, shop, staff_id=staff.id, pin=old, place=f"account of {staff.id}")
        except NotFound:
            raise InvalidInput("That is not your PIN now.", at="old") from None
    kept = hashed(app, new)
    app.database.write(shop, lambda unit: keep_own(app, unit, staff, kept=kept))


def lend(app: Application, shop: Shop, *, by: Staff, staff_id: int) -> str:
    """Reset somebody's PIN: one that is good for a day, until they choose their own. Raises NotFound, NotAllowed."""
    pin = _random_pin(app)
    kept = app.passwords.hash(pin)

    def lent(unit: Unit) -> None:
        person = staff_store.get(unit, staff_id)
        if person is None:
            raise NotFound("There is nobody of that number in this shop.")
        require(by, Action.MANAGE_OWNERS if person.role == "owner" else Action.MANAGE_PEOPLE)
        staff_store.set_pin(unit, staff_id, pin_hash=kept, until=app.clock() + LENT_LASTS)
        _forget_tries(unit, staff_id)
        record(app, unit, Audited.PIN_LENT, actor=actor_of(by), about=person.name)

    app.database.write(shop, lent)
    return pin


def check(app: Application, shop: Shop, *, staff_id: int, pin: str, place: str) -> Staff:
    """The person whose PIN this is; raises NotFound for a wrong one, TooManyAttempts.

    Nobody's PIN takes as long to be judged as somebody's.
    """
    _count(app, shop, staff_id=staff_id, place=place)
    with app.database.read(shop) as unit:
        person = staff_store.get(unit, staff_id)
    fits = app.passwords.fits(pin[:LONGEST], person.pin_hash if person else None)
    if person is None or not fits or person.disabled_at is not None or _has_ended(app, person):
        app.database.write(shop, lambda unit: _note_wrong(app, unit, person))
        raise NotFound(WRONG)
    app.database.write(shop, lambda unit: _forget_tries(unit, staff_id))
    return person


def hashed(app: Application, pin: str) -> str:
    """The hash of a PIN that is good enough; raises InvalidInput."""
    if not pin.isdecimal() or not pin.isascii() or not SHORTEST <= len(pin) <= LONGEST:
        raise InvalidInput(f"A PIN has {SHORTEST} to {LONGEST} digits.", at="new")
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        raise InvalidInput(
            "That is too easy to guess. Choose digits that are neither all the same nor in a row.", at="new"
        )
    return app.passwords.hash(pin)


def keep_own(app: Application, unit: Unit, staff: Staff, *, kept: str) -> None:
    """Keep a PIN that somebody chose themselves."""
    staff_store.set_pin(unit, staff.id, pin_hash=kept, until=None)
    record(app, unit, Audited.PIN_SET, actor=actor_of(staff), about=staff.name)


def _has_ended(app: Application, person: Staff) -> bool:
    return person.pin_until is not None and person.pin_until <= app.clock()


def _random_pin(app: Application) -> str:
    number = int.from_bytes(hashlib.sha256(app.token().encode()).digest())
    return f"{number % 10**LENT_DIGITS:0{LENT_DIGITS}}"


def _count(app: Application, shop: Shop, *, staff_id: int, place: str) -> None:
    """Count a try before it is judged, for the person and for the place."""
    now = app.clock()
    limits = [(f"pin:{staff_id}:{seconds}", most, seconds) for most, seconds in TRIES]
    limits.append((f"pin-place:{place}", *TRIES_OF_A_DEVICE))

    def counted(unit: Unit) -> int:
        hits = [attempt_store.hit(unit, _key(name), at=now, window_seconds=wait) for name, _, wait in limits]
        return max((wait for hit, (_, most, wait) in zip(hits, limits, strict=True) if hit > most), default=0)

    if wait := app.database.write(shop, counted):
        raise TooManyAttempts(SHUT, retry_after=wait)


def _forget_tries(unit: Unit, staff_id: int) -> None:
    for _, seconds in TRIES:
        attempt_store.clear(unit, _key(f"pin:{staff_id}:{seconds}"))


def _note_wrong(app: Application, unit: Unit, person: Staff | None) -> None:
    somebody = Actor(kind="stranger", name="somebody")
    record(app, unit, Audited.PIN_WRONG, actor=somebody, about=person.name if person else "nobody")


def _key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
