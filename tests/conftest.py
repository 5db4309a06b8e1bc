"""What every test run does: nothing is skipped in silence."""

import os
from collections import Counter

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
STRICT = "BACKHAUL_TEST_NOTHING_SKIPPED"


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
