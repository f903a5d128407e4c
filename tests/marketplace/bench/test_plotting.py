"""Figures become a drawing, and what wrk prints becomes figures."""

import json
from xml.etree import ElementTree

from marketplace import create_app
from marketplace.bench.over_http import Answered, read_wrk
from marketplace.bench.plotting import series_of, svg

ENTRIES = [
    {"work": "text", "way": "fts5", "size": 100_000, "median_ms": 2.5, "p95_ms": 12.9},
    {"work": "text", "way": "fts5", "size": 1_000, "median_ms": 0.2, "p95_ms": 0.42},
    {"work": "text", "way": "<ours>", "size": 1_000, "median_ms": 0.37, "p95_ms": 0.64},
    {"work": "page", "way": "fts5", "size": 1_000, "median_ms": 24.7, "p95_ms": 38.2},
]
SVG = "{http://www.w3.org/2000/svg}"
SAID = """Running 5s test @ http://127.0.0.1:8000
  Latency Distribution
     50%   62.50ms
     75%   80.10ms
     90%  100.00ms
     99%    1.25s
  500 requests in 5.00s, 26.00MB read
  Socket errors: connect 0, read 1, write 0, timeout 2
  Non-2xx or 3xx responses: 4
Requests/sec:    100.25
Transfer/sec:      5.20MB
"""


def test_points_are_of_one_work_and_in_order_of_size():
    assert series_of(ENTRIES, "text") == {"fts5": [(1_000, 0.2), (100_000, 2.5)], "<ours>": [(1_000, 0.37)]}


def test_a_drawing_is_whole_and_shows_every_point_on_the_paper():
    panels = {work: series_of(ENTRIES, work) for work in ("text", "page")}
    drawn = ElementTree.fromstring(svg(panels, "Cost"))
    _, _, width, height = map(int, drawn.get("viewBox").split())
    points = [path for path in drawn.iter(f"{SVG}path") if path.get("class") == "point"]
    places = [tuple(map(float, path.get("transform")[10:-1].split())) for path in points]
    assert len(places) == 3 + 1
    assert all(0 < x < width and 0 < y < height for x, y in places)


def test_a_drawing_says_in_words_what_it_shows():
    drawn = ElementTree.fromstring(svg({"text": series_of(ENTRIES, "text")}, "Cost"))
    assert drawn.find(f"{SVG}title").text == "Cost"
    assert "text, fts5: 0.2 ms at 1,000 offers, 2.5 ms at 100,000 offers." in drawn.find(f"{SVG}desc").text


def test_the_command_draws_what_a_bench_left(tmp_path):
    (tmp_path / "bench.json").write_text(json.dumps(ENTRIES))
    runner = create_app({"INSTANCE": str(tmp_path)}).test_cli_runner()
    target = tmp_path / "text.svg"
    assert runner.invoke(args=["bench-plot", "--work", "text", "--to", str(target)]).exit_code == 0
    assert target.read_text().startswith("<svg")
    assert runner.invoke(args=["bench-plot", "--work", "none", "--to", str(target)]).exit_code == 1


def test_what_wrk_prints_is_read_with_its_failures():
    assert read_wrk(SAID) == Answered(per_second=100.25, median_ms=62.5, p99_ms=1250.0, failed=7)
