"""Whether the process lives, whether it can answer, and its figures: told however much there is to do."""

from anyio import to_thread
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.application import Application
from connector.storage import migrate
from connector.web import figures
from connector.web.doors import application_of
from connector.web.json_answer import JSONResponse


async def alive(_: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "alive"})


async def ready(request: Request) -> Response:
    """The database answers and is as this version needs it, else 503; and whether anybody carries out jobs.

    Without a worker requests are answered all the same: what they ask for waits in the queue.
    """
    app = application_of(request)
    problem = await to_thread.run_sync(_problem, app)
    if problem:
        return JSONResponse({"status": "not ready", "why": problem}, 503)
    workers = await to_thread.run_sync(figures.workers_alive, app)
    return JSONResponse({"status": "ready", "jobs": "carried out" if workers else "waiting for a worker"})


async def metrics(request: Request) -> Response:
    """The figures in Prometheus' form, when the operator wants them."""
    app = application_of(request)
    if not app.settings.metrics:
        raise HTTPException(404)
    return Response(await to_thread.run_sync(figures.exposition, app), media_type=CONTENT_TYPE_LATEST)


def _problem(app: Application) -> str | None:
    try:
        is_current = migrate.is_current(app.database) and app.jobs.is_current()
    except Exception:  # noqa: BLE001  whatever it is, the answer is that we are not ready
        return "the database does not answer"
    return None if is_current else "the database must be migrated"


routes = [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]
