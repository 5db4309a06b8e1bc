"""People come in with a name and a password, or by a link, and stay by a session that can be seen and ended.

A link for a password is good once. A link that lets in at once (the demo prints them) stays good until it expires:
programs that open links before people do (mail filters, previews) must not use it up.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from connector.application import Application
from connector.services.audit import Audited, record
from connector.services.errors import Conflict, InvalidInput, NotFound, TooManyAttempts
from connector.services.sealing import hash_of
from connector.storage import attempt_store, staff_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Link, Session, Staff
from domain.events import Actor

ENTRY_LASTS = timedelta(hours=24)
INVITATION_LASTS = timedelta(days=3)
SESSION_LASTS = timedelta(days=14)
IDLE_LASTS = timedelta(hours=24)
SEEN_EVERY = timedelta(minutes=5)
TRIES_OF_A_PERSON = 5
TRIES_OF_AN_ADDRESS = 20
WINDOW_SECONDS = 900
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LONGEST_LOGIN = 200
LONGEST_AGENT = 200
WRONG = "That name and password do not fit together."


class Purpose(StrEnum):
    """What a link is for: to come in at once, or to set a password first."""

    ENTRY = "entry"
    PASSWORD = "password"  # noqa: S105  a word, not a password


@dataclass(frozen=True, slots=True)
class Browser:
    """Who asks: the address that asks, what the browser says it is, the session that it holds already."""

    address: str
    agent: str = ""
    held: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person signs in with."""

    login: str
    password: str = field(repr=False)


def new_link(app: Application, shop: Shop, *, staff_id: int, purpose: Purpose) -> str:
    """The token of a new link for a person."""
    token = app.token()
    lasts = ENTRY_LASTS if purpose is Purpose.ENTRY else INVITATION_LASTS
    ends = app.clock() + lasts
    app.database.write(
        shop,
        lambda unit: staff_store.add_link(unit, hash_of(token), staff_id=staff_id, purpose=purpose, expires_at=ends),
    )
    return token


def owner_of(app: Application, shop: Shop) -> Staff:
    """The shop's first owner; raises NotFound."""
    with app.database.read(shop) as unit:
        everybody = staff_store.list_staff(unit)
    owner = next((one for one in everybody if one.role == "owner" and one.disabled_at is None), None)
    if owner is None:
        raise NotFound("This shop has no owner.")
    return owner


def enter(app: Application, shop: Shop, *, link: str, browser: Browser) -> str:
    """The token of a new session for a link that lets in; raises NotFound, TooManyAttempts."""
    _count(app, shop, {f"address:{browser.address}": TRIES_OF_AN_ADDRESS})
    person = _person_of(app, shop, link=link, purpose=Purpose.ENTRY)
    if person is None:
        raise NotFound("This link is too old, or not whole. Ask for a new one.")
    return app.database.write(shop, lambda unit: _entered(app, unit, person, link=link, browser=browser))


def invited(app: Application, shop: Shop, *, link: str) -> Staff | None:
    """Who may set a password by a link that was not used."""
    return _person_of(app, shop, link=link, purpose=Purpose.PASSWORD)


def choose_password(app: Application, shop: Shop, *, link: str, credentials: Credentials, browser: Browser) -> str:
    """Set the password of who was invited, end all their sessions; the token of a new one.

    Raises NotFound for a link that is used or too old, InvalidInput, Conflict for a name that is taken.
    """
    _count(app, shop, {f"address:{browser.address}": TRIES_OF_AN_ADDRESS})
    person = invited(app, shop, link=link)
    if person is None:
        raise NotFound("This link was used, or is too old. Ask for a new one.")
    login = _login(credentials.login)
    kept = _checked(app, credentials.password, login=login)
    return app.database.write(
        shop, lambda unit: _chosen(app, unit, person, link=link, login=login, kept=kept, browser=browser)
    )


def sign_in(app: Application, shop: Shop, *, credentials: Credentials, browser: Browser) -> str:
    """The token of a new session; the one that the browser held ends. Raises NotFound, TooManyAttempts.

    An unknown name takes as long as a wrong password, and says the same.
    """
    person, tries = _proved(app, shop, credentials=credentials, browser=browser)
    return app.database.write(shop, lambda unit: _signed_in(app, unit, person, tries=tries, browser=browser))


def vouch(app: Application, shop: Shop, *, credentials: Credentials, browser: Browser) -> Staff:
    """Who says by name and password, at somebody else's device, that they agree. Raises what `sign_in` does."""
    person, tries = _proved(app, shop, credentials=credentials, browser=browser)
    app.database.write(shop, lambda unit: _forget_tries(unit, tries))
    return person


def _proved(
    app: Application, shop: Shop, *, credentials: Credentials, browser: Browser
) -> tuple[Staff, tuple[str, ...]]:
    """Whose name and password these are, and the tries that were counted for it."""
    login = credentials.login.strip().casefold()[:LONGEST_LOGIN]
    tries = {f"person:{login}": TRIES_OF_A_PERSON, f"address:{browser.address}": TRIES_OF_AN_ADDRESS}
    _count(app, shop, tries)
    with app.database.read(shop) as unit:
        person = staff_store.find_by_login(unit, login)
    fits = app.passwords.fits(credentials.password[:LONGEST_PASSWORD], person.password_hash if person else None)
    if person is None or not fits or person.disabled_at is not None:
        app.database.write(shop, lambda unit: _failed(app, unit, person, browser=browser))
        raise NotFound(WRONG)
    return person, tuple(tries)


def let_in(app: Application, shop: Shop, *, person: Staff, browser: Browser, by: str) -> str:
    """The token of a new session for somebody whom the platform `by` let in; the one that the browser held ends."""
    return app.database.write(shop, lambda unit: _begun(app, unit, person, browser=browser, by=by))


def change_password(app: Application, shop: Shop, *, staff: Staff, old: str, new: str, browser: Browser) -> str:
    """Change one's own password: every session ends, and a new one begins. Raises InvalidInput, TooManyAttempts."""
    _count(app, shop, {f"person:{staff.login}": TRIES_OF_A_PERSON})
    if staff.login is None or not app.passwords.fits(old[:LONGEST_PASSWORD], staff.password_hash):
        raise InvalidInput("That is not your password now.", at="old")
    login = staff.login
    kept = _checked(app, new, login=login)
    return app.database.write(shop, lambda unit: _changed(app, unit, staff, login=login, kept=kept, browser=browser))


def who(app: Application, shop: Shop, *, session: str) -> Staff | None:
    """Who holds a session of this shop; that they were seen keeps it alive. A shared device's is no session here."""
    if not session:
        return None
    now = app.clock()
    with app.database.read(shop) as unit:
        found = staff_store.session(unit, hash_of(session), at=now)
        person = staff_store.get(unit, found.staff_id) if found else None
    if found is None or found.device_id or person is None or person.disabled_at is not None:
        return None
    if now - found.seen_at >= SEEN_EVERY:
        ends = min(found.started_at + SESSION_LASTS, now + IDLE_LASTS)
        app.database.write(shop, lambda unit: staff_store.see_session(unit, found.id, at=now, expires_at=ends))
    return person


def session_of(app: Application, shop: Shop, *, session: str) -> Session | None:
    """The session that a browser holds."""
    with app.database.read(shop) as unit:
        return staff_store.session(unit, hash_of(session), at=app.clock())


def sign_out(app: Application, shop: Shop, *, staff: Staff, session: str) -> None:
    """End the session that a browser holds."""
    held = session_of(app, shop, session=session)
    if held is None:
        return

    def ended(unit: Unit) -> None:
        staff_store.end_session(unit, held.id)
        record(app, unit, Audited.SIGNED_OUT, actor=actor_of(staff), about=staff.name)

    app.database.write(shop, ended)


def actor_of(staff: Staff) -> Actor:
    """A person as histories name them."""
    return Actor(kind="staff", name=staff.name)


def _person_of(app: Application, shop: Shop, *, link: str, purpose: Purpose) -> Staff | None:
    with app.database.read(shop) as unit:
        found = staff_store.link(unit, hash_of(link), at=app.clock())
        if found is None or not _is_good(found, purpose):
            return None
        person = staff_store.get(unit, found.staff_id)
    return None if person is None or person.disabled_at is not None else person


def _is_good(link: Link, purpose: Purpose) -> bool:
    return link.purpose == purpose and (purpose is Purpose.ENTRY or link.used_at is None)


def _entered(app: Application, unit: Unit, person: Staff, *, link: str, browser: Browser) -> str:
    staff_store.use_link(unit, hash_of(link), at=app.clock())
    attempt_store.clear(unit, hash_of(f"address:{browser.address}"))
    return _begun(app, unit, person, browser=browser, by="link")


def _chosen(app: Application, unit: Unit, person: Staff, *, link: str, login: str, kept: str, browser: Browser) -> str:
    found = staff_store.link(unit, hash_of(link), at=app.clock())
    if found is None or found.used_at is not None:
        raise NotFound("This link was used. Ask for a new one.")
    taken = staff_store.find_by_login(unit, login)
    if taken is not None and taken.id != person.id:
        raise Conflict("Somebody signs in with that name already. Choose another.")
    staff_store.use_link(unit, hash_of(link), at=app.clock())
    return _changed(app, unit, person, login=login, kept=kept, browser=browser)


def _changed(app: Application, unit: Unit, person: Staff, *, login: str, kept: str, browser: Browser) -> str:
    staff_store.set_password(unit, person.id, login=login, password_hash=kept)
    staff_store.end_sessions_of(unit, person.id)
    attempt_store.clear(unit, hash_of(f"person:{login}"))
    record(app, unit, Audited.PASSWORD_SET, actor=actor_of(person), about=person.name)
    return _begun(app, unit, person, browser=browser, by="password")


def _forget_tries(unit: Unit, tries: tuple[str, ...]) -> None:
    for key in tries:
        attempt_store.clear(unit, hash_of(key))


def _signed_in(app: Application, unit: Unit, person: Staff, *, tries: tuple[str, ...], browser: Browser) -> str:
    _forget_tries(unit, tries)
    return _begun(app, unit, person, browser=browser, by="password")


def _begun(app: Application, unit: Unit, person: Staff, *, browser: Browser, by: str) -> str:
    """A new session in the place of the one that the browser held, so that nobody's earlier token lives on."""
    now, token = app.clock(), app.token()
    held = staff_store.session(unit, hash_of(browser.held), at=now) if browser.held else None
    if held is not None:
        staff_store.end_session(unit, held.id)
    session = Session(
        id=app.token()[:12],
        staff_id=person.id,
        agent=browser.agent[:LONGEST_AGENT],
        started_at=now,
        seen_at=now,
        expires_at=now + IDLE_LASTS,
    )
    staff_store.add_session(unit, hash_of(token), session=session)
    details = {"by": by, "address": browser.address}
    record(app, unit, Audited.SIGNED_IN, actor=actor_of(person), about=person.name, details=details)
    return token


def _failed(app: Application, unit: Unit, person: Staff | None, *, browser: Browser) -> None:
    """Written down without what was typed: a name that nobody has may be a password in the wrong field."""
    somebody, about = Actor(kind="stranger", name="somebody"), person.name if person else "an unknown name"
    details = {"address": browser.address}
    record(app, unit, Audited.SIGN_IN_FAILED, actor=somebody, about=about, details=details)


def _count(app: Application, shop: Shop, limits: dict[str, int]) -> None:
    """Count a try before it is judged, so that many at once do not get past the limit; a right one is forgotten."""
    now = app.clock()

    def counted(unit: Unit) -> bool:
        hits = [attempt_store.hit(unit, hash_of(key), at=now, window_seconds=WINDOW_SECONDS) for key in limits]
        return any(hit > limit for hit, limit in zip(hits, limits.values(), strict=True))

    if app.database.write(shop, counted):
        minutes = WINDOW_SECONDS // 60
        raise TooManyAttempts(f"That was tried too often. Please wait {minutes} minutes.", retry_after=WINDOW_SECONDS)


def _login(typed: str) -> str:
    login = typed.strip().casefold()
    if not login or len(login) > LONGEST_LOGIN or any(not sign.isprintable() for sign in login):
        raise InvalidInput("Choose what you sign in with: an e-mail address, or a name of your own.", at="login")
    return login


def _checked(app: Application, password: str, *, login: str) -> str:
    """The hash of a password that is good enough; raises InvalidInput."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InvalidInput(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} signs. A few words make a good one.",
            at="password",
        )
    if password.casefold() == login or len(set(password)) < SHORTEST_PASSWORD // 2:
        raise InvalidInput("That is too easy to guess. A few words make a good password.", at="password")
    return app.passwords.hash(password)
