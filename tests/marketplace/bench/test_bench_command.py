"""``flask bench`` from beginning to end on a district so small that it is soon over."""

import json

import pytest

from marketplace import create_app
from marketplace.bench.figures import WORKS

NAMED = {"match_30km", "text", "text_place_criteria", "map_box", "facets", "build", "publish"}


@pytest.fixture
def runner(tmp_path):
    return create_app({"INSTANCE": str(tmp_path)}).test_cli_runner()


@pytest.mark.ordeal
def test_every_work_is_measured_in_every_way(runner, tmp_path):
    result = runner.invoke(args=["bench", "--sizes", "120", "--budget", "0", "--ways", "embedded,fts5"])
    assert result.exit_code == 0, result.output
    entries = json.loads((tmp_path / "bench.json").read_text())
    measured = {(entry["work"], entry["way"], entry["size"]) for entry in entries}
    expected = {(work, way, 120) for work in NAMED for way in ("embedded", "fts5")}
    assert measured == expected | {("page", "embedded", 120)}
    assert NAMED | {"page"} == set(WORKS)
    assert all(0 < entry["median_ms"] <= entry["p95_ms"] for entry in entries)
    assert "| text | 120 |" in result.output


@pytest.mark.ordeal
def test_an_index_that_is_kept_is_not_built_again(runner, tmp_path):
    args = ["bench", "--sizes", "30,40", "--ways", "fts5", "--works", "text", "--budget", "0"]
    args += ["--keep", str(tmp_path / "kept")]
    first, second = runner.invoke(args=args), runner.invoke(args=args)
    assert first.stderr.count("fts5 built in") == 2
    assert second.exit_code == 0, second.output
    assert "built in" not in second.stderr
    entries = json.loads((tmp_path / "kept" / "bench.json").read_text())
    assert [(entry["work"], entry["size"]) for entry in entries] == [
        ("build", 30), ("text", 30), ("build", 40), ("text", 40),
    ]  # fmt: skip


@pytest.mark.parametrize("args", [["--sizes", "0"], ["--sizes", "many"], ["--ways", "lucene"]])
def test_what_cannot_be_measured_is_refused(runner, args):
    assert runner.invoke(args=["bench", *args]).exit_code == 2
