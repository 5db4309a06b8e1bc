"""What is kept no longer than it is needed."""

from datetime import timedelta

from connector.application import Application, Step
from connector.services.inspection_photos import LOOSE_KEPT
from connector.storage import attempt_store, bringer_store, privacy_store, retention_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop

JOB = "forget_old"
COMMANDS_KEPT = timedelta(days=90)
EXPIRED_KEPT = timedelta(days=30)
FILES_KEPT = timedelta(days=30)


def forget_old(app: Application, shop: Shop, *, step: Step, **_: object) -> None:
    """Forget what was kept for its time: talks, photos and bringers of gifts (BACKHAUL_KEEP_DAYS), all else sooner."""
    step("forget", lambda: app.database.write(shop, lambda unit: _forget(app, unit)))


def forget_attempts(app: Application, shop: Shop) -> None:
    """Forget how often was tried what nobody tries any more."""
    app.database.write(shop, lambda unit: attempt_store.sweep(unit, at=app.clock()))


def _forget(app: Application, unit: Unit) -> None:
    now = app.clock()
    kept_since = now - timedelta(days=app.settings.keep_days)
    retention_store.forget_conversations(unit, before=kept_since)
    retention_store.forget_photos(unit, before=kept_since)
    retention_store.forget_loose_photos(unit, before=now - LOOSE_KEPT)
    bringer_store.forget_old(unit, before=kept_since)
    retention_store.forget_commands(unit, before=now - COMMANDS_KEPT)
    retention_store.forget_device_commands(unit, before=now - COMMANDS_KEPT)
    retention_store.forget_expired(unit, before=now - EXPIRED_KEPT)
    privacy_store.forget_files(unit, before=now - FILES_KEPT)
