"""The server's figures in Prometheus' form: requests of this process, jobs and workers of the whole install."""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from connector.application import Application
from connector.storage import worker_store

OF_THIS_PROCESS = CollectorRegistry()
REQUESTS = Counter("backhaul_requests", "Requests answered", ("route", "method", "status"), registry=OF_THIS_PROCESS)
SECONDS = Histogram("backhaul_request_seconds", "Time to answer a request", ("route",), registry=OF_THIS_PROCESS)

LEASE_SECONDS = 90.0
"""A worker that was silent for so long counts as dead."""


def count(route: str, method: str, *, status: int, seconds: float) -> None:
    """Count a request that was answered; `route` is a template, so that no name or key becomes a label."""
    answered, taken = _series(route, method, str(status))
    answered.inc()
    taken.observe(seconds)


@cache
def _series(route: str, method: str, status: str) -> tuple[Counter, Histogram]:
    """Looked up once: the library builds and checks the labels anew each time that it is asked."""
    return REQUESTS.labels(route, method, status), SECONDS.labels(route)


def exposition(app: Application) -> bytes:
    """All figures, as Prometheus reads them."""
    return generate_latest(OF_THIS_PROCESS) + generate_latest(_of_the_install(app))


def workers_alive(app: Application) -> int:
    """How many processes carry out jobs."""
    with app.database.read_install() as connection:
        return worker_store.count_alive(connection, lease_seconds=LEASE_SECONDS)


def _of_the_install(app: Application) -> CollectorRegistry:
    registry = CollectorRegistry()
    Gauge("backhaul_workers", "Processes that carry out jobs", registry=registry).set(workers_alive(app))
    jobs = Gauge("backhaul_jobs", "Jobs by state, each counted up to 1,000", ("state",), registry=registry)
    for state, number in app.jobs.counts().items():
        jobs.labels(state).set(number)
    return registry
