"""What every test run does: nothing is skipped in silence."""

import os

import pytest

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

STRICT = "BACKHAUL_TEST_NOTHING_SKIPPED"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.section("NOT RUN ON THIS MACHINE", sep="!", red=True)
    reasons = {str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr) for report in skipped}
    for reason in sorted(reasons):
        count = sum(reason in str(report.longrepr) for report in skipped)
        terminalreporter.write_line(f"{count} tests: {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get(STRICT) and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
