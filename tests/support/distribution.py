"""Which process runs which tests, where there are several."""

import os

import pytest

_MOST = 4


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys last: in one process, whoever waits for the others hears of them first."""
    items.sort(key=lambda item: _together(item.nodeid) == "journeys")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: whoever walks through the journeys mostly waits for a browser."""
    return min((os.cpu_count() or 1) + 1, _MOST)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    """What belongs together goes to one process, the largest first.

    The mark ``xdist_group`` says the same, but with pytest 9.2 it groups nothing:
    https://github.com/pytest-dev/pytest-xdist/issues/1386
    """
    # here: not there where tests run in one process
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _together(nodeid)

    return Together(config, log)


def _together(nodeid: str) -> str:
    """Journeys share one demo district and one browser; the others share nothing."""
    return "journeys" if nodeid.startswith("tests/functional/") else nodeid
