"""What every test run does: nothing is skipped in silence."""

import os
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import (  # noqa: F401  fixtures for all tests
    database,
    each_database,
    each_url,
    postgresql_server,
    postgresql_url,
    shop,
    sqlite_template,
    sqlite_url,
)
from tests.evaluation import ABSENT
from tests.wordpress.fixtures import wordpress  # noqa: F401  the same for all

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
DRAWING = ("_queue", "_scheduler", "_sys_db", "_workflow_commands")
"""The parts of the engine's library that draw chances (dbos 3.4)."""
STRICT = "BACKHAUL_TEST_NOTHING_SKIPPED"


@pytest.fixture(scope="session", autouse=True)
def engine_with_chances_of_its_own() -> Iterator[None]:
    """A thread of the engine that still looks for a database that is gone draws its waits from Python's one `random`.

    Hypothesis watches that one, and fails a test during which somebody else draws from it.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in DRAWING:
            patch.setattr(f"dbos.{module}.random", Random())
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.section("NOT RUN ON THIS MACHINE", sep="!", red=True)
    for reason, count in sorted(Counter(map(_reason, skipped)).items()):
        terminalreporter.write_line(f"{count} tests: {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get(STRICT) or reporter is None:
        return
    if any(ABSENT not in _reason(report) for report in reporter.stats.get("skipped", [])):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _reason(report: pytest.TestReport) -> str:
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
