"""Whether the process lives, whether it can answer, and its figures."""

import dataclasses
import re

import httpx
import pytest
from msgspec.structs import replace

from connector.storage import worker_store
from connector.web import figures
from connector.web.app import build
from connector.web.pool import Busy
from tests.connector.web.conftest import ORIGIN, browser_of
from tests.shops import RememberedJobs, TestShop

pytestmark = pytest.mark.anyio


async def test_a_process_that_answers_is_alive(browser: httpx.AsyncClient):
    assert (await browser.get("/healthz")).json() == {"status": "alive"}


async def test_ready_says_whether_anybody_carries_out_jobs(demo: TestShop, browser: httpx.AsyncClient):
    assert (await browser.get("/readyz")).json() == {"status": "ready", "jobs": "waiting for a worker"}
    demo.app.database.write_install(lambda connection: worker_store.beat(connection, "one"))
    assert (await browser.get("/readyz")).json() == {"status": "ready", "jobs": "carried out"}
    demo.app.database.write_install(lambda connection: worker_store.sign_off(connection, "one"))
    assert (await browser.get("/readyz")).json()["jobs"] == "waiting for a worker"


async def test_a_database_of_another_version_is_not_ready(demo: TestShop, browser: httpx.AsyncClient):
    demo.app.database.write_install(lambda connection: connection.exec_driver_sql("DELETE FROM alembic_version"))
    answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()["why"]) == (503, "the database must be migrated")


class JobsOfAnotherVersion(RememberedJobs):
    """Jobs whose tables are not as this version needs them."""

    def is_current(self) -> bool:
        return False


async def test_jobs_that_cannot_be_kept_are_not_ready(demo: TestShop):
    async with browser_of(replace(demo.app, jobs=JobsOfAnotherVersion())) as visitor:
        answer = await visitor.get("/readyz")
    assert (answer.status_code, answer.json()["why"]) == (503, "the database must be migrated")


async def test_a_worker_that_is_silent_for_longer_than_its_lease_carries_nothing_out(
    demo: TestShop, browser: httpx.AsyncClient
):
    silence = figures.LEASE_SECONDS + 1
    demo.app.database.write_install(lambda connection: worker_store.beat(connection, "one"))
    demo.app.database.write_install(
        lambda connection: connection.exec_driver_sql(f"UPDATE workers SET beat_at = beat_at - {silence}")
    )
    assert (await browser.get("/readyz")).json() == {"status": "ready", "jobs": "waiting for a worker"}


class FullPool:
    """All threads are taken."""

    async def run(self, act: object, *, shop: str) -> None:
        raise Busy


async def test_a_process_that_has_its_hands_full_still_says_how_it_stands(demo: TestShop):
    app = build(demo.app)
    app.state.pool = FullPool()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as asker:
        assert (await asker.get("/shops/demo")).status_code == 503
        assert (await asker.get("/readyz")).json() == {"status": "ready", "jobs": "waiting for a worker"}


async def test_a_database_that_is_away_is_not_ready(demo: TestShop, browser: httpx.AsyncClient):
    demo.app.database.close()
    demo.app.settings.folder.joinpath("backhaul.db").unlink()
    demo.app.settings.folder.joinpath("backhaul.db").mkdir()
    answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()["why"]) == (503, "the database does not answer")


async def test_figures_are_kept_to_who_wants_them(demo: TestShop, browser: httpx.AsyncClient):
    assert (await browser.get("/metrics")).status_code == 404
    app = replace(demo.app, settings=dataclasses.replace(demo.app.settings, metrics=True))
    async with browser_of(app) as operator:
        await operator.get("/shops/demo/returns/RMA-HIDDEN?key=hidden")
        await operator.get("/ann@example.com")
        answer = await operator.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    counted = r'backhaul_requests_total{method="GET",route="/shops/{shop}/returns/{rma}",status="404"} \d'
    assert re.search(counted.replace("{", r"\{").replace("}", r"\}"), answer.text)
    assert "backhaul_request_seconds_bucket" in answer.text
    assert 'backhaul_jobs{state="waiting"} 0.0' in answer.text
    assert "backhaul_workers 0.0" in answer.text
    assert not any(word in answer.text for word in ("HIDDEN", "hidden", "ann@"))
