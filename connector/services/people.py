"""The people of a shop: who is there, who comes in with which role, whose sessions are open."""

from msgspec import Struct

from connector.application import Application
from connector.services.audit import Audited, record
from connector.services.errors import Conflict, InvalidInput, NotFound
from connector.services.roles import Action, Role, may, require
from connector.services.sign_in import Purpose, actor_of, new_link
from connector.storage import staff_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Session, Staff

LONGEST_NAME = 100


class OpenSession(Struct, frozen=True):
    """A session with whose it is."""

    session: Session
    person: Staff


def everybody(app: Application, shop: Shop) -> tuple[Staff, ...]:
    """All people of the shop, in the order in which they came."""
    with app.database.read(shop) as unit:
        return staff_store.list_staff(unit)


def add_person(app: Application, shop: Shop, *, by: Staff, name: str, role: str) -> str:
    """Add a person; the token of the link by which they set their password. Raises InvalidInput, NotAllowed."""
    wanted = _role(role)
    _require_for(by, wanted)
    called = _name(name)

    def added(unit: Unit) -> Staff:
        person = staff_store.add_staff(unit, called, role=wanted, at=app.clock())
        record(app, unit, Audited.PERSON_ADDED, actor=actor_of(by), about=person.name, details={"role": wanted})
        return person

    person = app.database.write(shop, added)
    return new_link(app, shop, staff_id=person.id, purpose=Purpose.PASSWORD)


def rename(app: Application, shop: Shop, *, by: Staff, name: str) -> None:
    """Call oneself something else: shoppers read it under one's answers, and histories name it. Raises InvalidInput."""
    called = _name(name)

    def renamed(unit: Unit) -> None:
        staff_store.rename(unit, by.id, name=called)
        details = {"from": by.name, "to": called}
        record(app, unit, Audited.PERSON_RENAMED, actor=actor_of(by), about=called, details=details)

    app.database.write(shop, renamed)


def invite_again(app: Application, shop: Shop, *, by: Staff, staff_id: int) -> str:
    """The token of a new link by which a person sets a password anew. Raises NotFound, NotAllowed."""

    def recorded(unit: Unit) -> Staff:
        person = _person(unit, staff_id, by=by)
        record(app, unit, Audited.LINK_MADE, actor=actor_of(by), about=person.name)
        return person

    person = app.database.write(shop, recorded)
    return new_link(app, shop, staff_id=person.id, purpose=Purpose.PASSWORD)


def change_role(app: Application, shop: Shop, *, by: Staff, staff_id: int, role: str) -> None:
    """Give a person another role. Raises NotFound, NotAllowed, Conflict for the last owner."""
    wanted = _role(role)
    _require_for(by, wanted)

    def changed(unit: Unit) -> None:
        person = _person(unit, staff_id, by=by)
        if wanted is not Role.OWNER:
            _keep_an_owner(unit, without=person)
        staff_store.set_role(unit, staff_id, role=wanted)
        details = {"from": person.role, "to": wanted}
        record(app, unit, Audited.ROLE_CHANGED, actor=actor_of(by), about=person.name, details=details)

    app.database.write(shop, changed)


def disable(app: Application, shop: Shop, *, by: Staff, staff_id: int) -> None:
    """Let a person in no more and end their sessions. Raises NotFound, NotAllowed, Conflict for the last owner."""

    def disabled(unit: Unit) -> None:
        person = _person(unit, staff_id, by=by)
        _keep_an_owner(unit, without=person)
        staff_store.disable(unit, staff_id, at=app.clock())
        staff_store.end_sessions_of(unit, staff_id)
        record(app, unit, Audited.PERSON_DISABLED, actor=actor_of(by), about=person.name)

    app.database.write(shop, disabled)


def enable(app: Application, shop: Shop, *, by: Staff, staff_id: int) -> None:
    """Let a person in again. Raises NotFound, NotAllowed."""

    def enabled(unit: Unit) -> None:
        person = _person(unit, staff_id, by=by)
        staff_store.enable(unit, staff_id)
        record(app, unit, Audited.PERSON_ENABLED, actor=actor_of(by), about=person.name)

    app.database.write(shop, enabled)


def open_sessions(app: Application, shop: Shop, *, by: Staff) -> tuple[OpenSession, ...]:
    """One's own sessions; an owner sees everybody's."""
    with app.database.read(shop) as unit:
        people = {person.id: person for person in staff_store.list_staff(unit)}
        found = staff_store.sessions_of(unit, at=app.clock())
    return tuple(OpenSession(one, people[one.staff_id]) for one in found if _may_end(by, one))


def end_session(app: Application, shop: Shop, *, by: Staff, session_id: str) -> None:
    """End a session of one's own; an owner ends anybody's. Raises NotFound."""

    def ended(unit: Unit) -> None:
        found = next((one for one in staff_store.sessions_of(unit, at=app.clock()) if one.id == session_id), None)
        if found is None or not _may_end(by, found):
            raise NotFound("There is no such session. Perhaps it has ended already.")
        person = staff_store.get(unit, found.staff_id)
        staff_store.end_session(unit, session_id)
        record(app, unit, Audited.SESSION_ENDED, actor=actor_of(by), about=person.name if person else "")

    app.database.write(shop, ended)


def _may_end(by: Staff, session: Session) -> bool:
    return session.staff_id == by.id or may(by, Action.MANAGE_OWNERS)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput("Say what the person is called.", at="name")
    return name


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        raise InvalidInput(f"A role is one of: {', '.join(Role)}.", at="role") from None


def _require_for(by: Staff, role: str) -> None:
    """Who may bring in or change people of a role: owners any, managers those who are no owners."""
    require(by, Action.MANAGE_OWNERS if role == Role.OWNER else Action.MANAGE_PEOPLE)


def _person(unit: Unit, staff_id: int, *, by: Staff) -> Staff:
    person = staff_store.get(unit, staff_id)
    if person is None:
        raise NotFound("There is nobody of that number in this shop.")
    _require_for(by, person.role)
    return person


def _keep_an_owner(unit: Unit, *, without: Staff) -> None:
    owners = [one for one in staff_store.list_staff(unit) if one.role == Role.OWNER and one.disabled_at is None]
    if [one.id for one in owners] == [without.id]:
        raise Conflict("A shop needs an owner. Make somebody else an owner first.")
