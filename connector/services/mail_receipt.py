"""The receipt of a return is mailed: asked for in one transaction with the history, sent by a job.

A letter holds a person's address and what they gave back, so it lies sealed until it is sent. A worker that dies just
after the mail server took a letter hands it over again under the same Message-ID.
"""

import hashlib
import json
from collections.abc import Mapping

from msgspec.structs import asdict

from adapters.errors import ChannelSlow
from connector.application import Application, Letter, MailServerAway, Step, Undeliverable
from connector.services.change_return import changed_once
from connector.services.errors import InvalidInput, NotFound
from connector.services.sealing import opened, sealed
from connector.storage import return_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import returns
from domain.events import Act, Actor, Entry
from domain.returns import Return
from domain.scanning import EMAIL

JOB = "mail_receipt"
LONGEST_ADDRESS = 200


def can_mail(app: Application) -> bool:
    """Whether the install has a mail server."""
    return app.mail is not None


def mail_receipt(app: Application, shop: Shop, *, return_id: str, letter: Letter, actor: Actor, key: str) -> None:
    """Have a receipt mailed, once per key; raises NotFound without a mail server, InvalidInput for no address."""
    if app.mail is None:
        raise NotFound("This install has no mail server.")
    if not EMAIL.fullmatch(letter.to) or len(letter.to) > LONGEST_ADDRESS or not letter.to.isascii():
        raise InvalidInput("Write the e-mail address that the receipt goes to.", at="to")
    kept = sealed(app, json.dumps({"shop": shop.id, "letter": asdict(letter)}))
    name = hashlib.sha256(key.encode()).hexdigest()[:24]

    def work(unit: Unit) -> Return:
        def asked(found: Return) -> Return:
            app.jobs.enqueue(unit, JOB, key=f"{return_id}:{name}", payload={"letter": kept})
            entry = Entry(at=app.clock(), actor=actor, act=Act.MAILED)
            noted = returns.note(found, entry, before=found)
            return return_store.save(unit, noted, expected_version=found.version)

        return changed_once(app, unit, return_id, key=key, change=asked)

    app.database.write(shop, work)


def send_receipt(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: hand a letter of the shop to the mail server; raises Undeliverable when it is refused for good."""
    kept = json.loads(opened(app, str(payload["letter"])))
    if kept["shop"] != shop.id:
        raise NotFound("There is no such letter in this shop.")
    step("send", lambda: _sent(app, Letter(**kept["letter"])))


def _sent(app: Application, letter: Letter) -> str:
    if app.mail is None:
        raise Undeliverable("This install has no mail server any more.")
    try:
        app.mail(letter)
    except MailServerAway as error:
        raise ChannelSlow(str(error)) from error
    return letter.key
