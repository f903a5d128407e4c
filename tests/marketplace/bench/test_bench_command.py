"""``flask bench`` from beginning to end on a district so small that it is soon over."""

import json

import pytest

from marketplace import create_app
from marketplace.bench.figures import WORKS

NAMED = {"match_30km", "text", "text_place_criteria", "map_box", "facets", "build", "publish"}


@pytest.fixture
def runner(tmp_path):
    return create_app({"INSTANCE": str(tmp_path)}).test_cli_runner()


def test_every_work_is_measured_in_every_way(runner, tmp_path):
    result = runner.invoke(
        args=["bench", "--sizes", "150,300", "--budget", "0", "--ways", "embedded,whoosh,fts5"]
    )
    assert result.exit_code == 0, result.output
    entries = json.loads((tmp_path / "bench.json").read_text())
    measured = {(entry["work"], entry["way"], entry["size"]) for entry in entries}
    expected = {
        (work, way, size) for work in NAMED for way in ("embedded", "whoosh", "fts5") for size in (150, 300)
    }
    assert measured == expected | {("page", "embedded", 150), ("page", "embedded", 300)}
    assert NAMED | {"page"} == set(WORKS)
    assert all(0 < entry["median_ms"] <= entry["p95_ms"] for entry in entries)
    assert "| text | 150 |" in result.output


@pytest.mark.parametrize("args", [["--sizes", "0"], ["--sizes", "many"], ["--ways", "lucene"]])
def test_what_cannot_be_measured_is_refused(runner, args):
    assert runner.invoke(args=["bench", *args]).exit_code == 2
