"""A test that cannot run is named, and on the build machine it fails."""

import pytest

NEEDY = """
    import pytest

    @pytest.mark.needs("chromium")
    def test_a_journey():
        pass

    def test_something_else():
        pass
"""


@pytest.fixture
def run_without_chromium(pytester, monkeypatch, request):
    """Runs NEEDY in a process of its own, on a machine whose PATH has no browser."""
    pytester.makepyfile(NEEDY)
    pytester.makeini("[pytest]\nmarkers =\n    needs(name): needs something of the machine\n")
    monkeypatch.setenv("PATH", str(pytester.path))
    monkeypatch.setenv("PYTHONPATH", str(request.config.rootpath))
    return lambda: pytester.runpytest_subprocess("-p", "tests.support.skips")


def test_what_is_missing_is_named_with_the_tests_that_did_not_run(run_without_chromium, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    result = run_without_chromium()
    result.assert_outcomes(passed=1, skipped=1)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*NOT RUN*", "chromium*: 1 tests", "*::test_a_journey"])


def test_on_the_build_machine_it_fails(run_without_chromium, monkeypatch):
    monkeypatch.setenv("CI", "true")
    result = run_without_chromium()
    result.assert_outcomes(passed=1, errors=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*NOT RUN*", "chromium*: 1 tests", "*::test_a_journey"])
