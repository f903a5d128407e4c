"""The figures of a run: medians, percentiles, the table and bench.json."""

import json

import pytest

from marketplace.bench.figures import Figure, merged, read_json, table, write_json


def test_a_figure_is_the_median_and_the_95th_percentile_in_milliseconds():
    figure = Figure.of("text", "embedded", 1_000, [number / 1_000 for number in range(1, 101)])
    assert (figure.median_ms, figure.p95_ms) == (50.5, 95.0)


@pytest.mark.parametrize("times", [[0.002], [0.002, 0.002]])
def test_few_times_have_a_95th_percentile_too(times):
    assert Figure.of("build", "fts5", 10, times).p95_ms == 2.0


def test_json_is_a_list_of_entries_with_the_named_keys(tmp_path):
    figures = [
        Figure.of("text", "embedded", 1_000, [0.001]),
        Figure.of("build", "whoosh", 1_000, [2.0], memory_mb=12.5),
    ]
    write_json(figures, tmp_path / "bench.json")
    entries = json.loads((tmp_path / "bench.json").read_text())
    assert entries[0].items() >= {
        "work": "text", "way": "embedded", "size": 1_000, "median_ms": 1.0, "p95_ms": 1.0,
    }.items()  # fmt: skip
    assert entries[1]["memory_mb"] == 12.5


def test_what_is_measured_again_takes_the_place_of_what_was(tmp_path):
    small, large = Figure.of("text", "fts5", 1_000, [0.1]), Figure.of("text", "fts5", 9_000, [0.2])
    assert read_json(tmp_path / "bench.json") == []
    write_json([large, small], tmp_path / "bench.json")
    again = Figure.of("text", "fts5", 9_000, [0.3], disk_mb=4)
    assert merged(read_json(tmp_path / "bench.json"), [again]) == [small, again]


def test_the_table_says_how_many_times_faster_than_whoosh_we_are():
    text = table(
        [
            Figure.of("text", "embedded", 1_000, [0.001]),
            Figure.of("text", "whoosh", 1_000, [0.025]),
            Figure.of("text", "embedded", 10_000, [0.002]),
        ]
    )
    rows = [line for line in text.splitlines() if line.startswith("| text")]
    assert rows == [
        "| text | 1,000 | 1.00, 1.00 | 25.0, 25.0 | 25.0 |",
        "| text | 10,000 | 2.00, 2.00 |  |  |",
    ]
