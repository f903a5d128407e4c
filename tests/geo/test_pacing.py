from concurrent.futures import ThreadPoolExecutor

import pytest

from geo.pacing import Pace


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture(params=["memory", "file"])
def paces(request, tmp_path):
    """A clock and a way to make paces that share their turns with those made before, where they do."""
    clock = Clock()
    if request.param == "memory":
        pace = Pace(1.0, clock=clock)
        return clock, lambda: pace
    return clock, lambda: Pace(1.0, file=tmp_path / "pace", clock=clock)


def test_turns_are_an_interval_apart(paces):
    clock, pace = paces
    assert [pace().reserve(5) for _ in range(3)] == pytest.approx([0, 1, 2])
    clock.now += 10
    assert pace().reserve(5) == 0


def test_beyond_the_patience_no_turn_is_taken(paces):
    _, pace = paces
    pace().reserve(0)
    assert pace().reserve(0.5) is None
    assert pace().reserve(0.5) is None
    assert pace().reserve(1) == pytest.approx(1)


def test_a_clock_set_back_does_not_stop_the_turns(paces):
    clock, pace = paces
    pace().reserve(0)
    clock.now -= 86_400
    assert pace().reserve(0) == 0


def test_a_damaged_file_is_forgotten(tmp_path):
    (tmp_path / "pace").write_text("what? " * 100)
    assert Pace(1.0, file=tmp_path / "pace", clock=Clock()).reserve(0) == 0


def test_threads_get_different_turns(paces):
    _, pace = paces
    shared = pace()
    with ThreadPoolExecutor(8) as threads:
        waits = sorted(threads.map(lambda _: shared.reserve(100), range(20)))
    assert waits == pytest.approx(range(20))
