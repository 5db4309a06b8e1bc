"""A simulated store and ways to ask it."""

from dataclasses import replace

from adapters.woocommerce.auth import Credentials, Manner
from adapters.woocommerce.client import Reach, StoreClient
from tests.simulators.woocommerce import SimulatedStore
from tests.simulators.woocommerce.books import KEY, SECRET

HERE = Reach(allows_private=True, read_seconds=2, write_seconds=5)


def credentials_of(store: SimulatedStore, **changes: object) -> Credentials:
    known = Credentials(address=store.address, key=KEY, secret=SECRET)
    return replace(known, **changes)  # type: ignore[arg-type]


def reach_of(store: SimulatedStore, **changes: object) -> Reach:
    tls = store.certificate.client_context() if store.certificate else None
    return replace(HERE, tls=tls, **changes)  # type: ignore[arg-type]


def client_of(store: SimulatedStore, *, manner: Manner = Manner.BASIC, **changes: object) -> StoreClient:
    return StoreClient(credentials_of(store, manner=manner, **changes), reach=reach_of(store))
