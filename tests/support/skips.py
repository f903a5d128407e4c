"""Skips that cannot be overlooked: a test says what it needs of the machine, and so does the last page.

``@pytest.mark.needs("chromium")`` skips the test where there is no Chromium, and the session ends with a
section that names what was missing and every test that did not run for it. Under ``CI=true`` it fails instead.
"""

import os
from collections import defaultdict

import pytest

from tests.support.requirements import missing

#: A test that uses one of these fixtures needs what stands beside it.
_NEEDED_BY_FIXTURE = {"browser": "chromium"}
_SENTENCE = "missing on this machine: "


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture, need in _NEEDED_BY_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.needs(need))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            if reason := missing(name):
                sentence = f"{_SENTENCE}{name} ({reason})"
                if os.environ.get("CI") == "true":
                    pytest.fail(sentence, pytrace=False)
                pytest.skip(sentence)


def pytest_terminal_summary(terminalreporter) -> None:
    tests_by_need = defaultdict(list)
    for outcome in ("skipped", "error"):
        for report in terminalreporter.stats.get(outcome, ()):
            need = _need_of(report)
            if need:
                tests_by_need[need].append(report.nodeid)
    if not tests_by_need:
        return
    terminalreporter.section("NOT RUN: something is missing on this machine", sep="!", red=True, bold=True)
    for need, tests in sorted(tests_by_need.items()):
        terminalreporter.write_line(f"{need}: {len(tests)} tests", bold=True)
        for test in sorted(tests):
            terminalreporter.write_line(f"  {test}")


def _need_of(report: pytest.TestReport) -> str | None:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.partition(_SENTENCE)[2].splitlines()[0] if _SENTENCE in text else None
