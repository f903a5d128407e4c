"""``flask bench-plot``: cost against size from ``bench.json``, as an SVG with both axes logarithmic."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 60, 150, 30, 45
#: Told apart by people who do not see all colours, and by their marks beside.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")


@click.command("bench-plot")
@click.option("--work", default="text_place_criteria", help="Which kind of question.")
@click.option("--figures", type=click.Path(path_type=Path), help="bench.json; else that of INSTANCE.")
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help="The SVG to write.")
@with_appcontext
def bench_plot(work: str, figures: Path | None, target: Path) -> None:
    """Draw the medians of one kind of question against the offers of the district."""
    source = figures or Path(current_app.instance_path) / "bench.json"
    if not source.exists():
        raise click.ClickException(f"{source} is not there: run flask --app wsgi bench first.")
    series = series_of(json.loads(source.read_text(encoding="utf-8")), work)
    if not series:
        raise click.ClickException(f"{source} has no figures of {work!r}.")
    target.write_text(svg(series, f"{work}: median milliseconds against offers"), encoding="utf-8")


def series_of(entries: Iterable[dict], work: str) -> dict[str, list[tuple[float, float]]]:
    """By way its points (offers, median ms), smallest first."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for entry in entries:
        if entry["work"] == work and entry["median_ms"] > 0:
            found[entry["way"]].append((entry["size"], entry["median_ms"]))
    return {way: sorted(points) for way, points in found.items()}


def svg(series: dict[str, Sequence[tuple[float, float]]], title: str) -> str:
    """The drawing; every way has at least one point, all coordinates are above zero."""
    points = [point for line in series.values() for point in line]
    across = _Scale([x for x, _ in points], LEFT, WIDTH - RIGHT)
    up = _Scale([y for _, y in points], HEIGHT - BOTTOM, TOP)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/><text x="{LEFT}" y="18">{escape(title)}</text>'
    ]
    for value in across.ticks():
        x = across(value)
        drawn.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        drawn.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:,.0f}</text>')
    for value in up.ticks():
        y = up(value)
        drawn.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        drawn.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    for number, (way, line) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        places = [(across(x), up(y)) for x, y in line]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        drawn.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places]
        y = TOP + 12 + 20 * number
        drawn.append(f'<circle cx="{WIDTH - RIGHT + 20}" cy="{y - 4}" r="4" fill="{colour}"/>')
        drawn.append(f'<text x="{WIDTH - RIGHT + 30}" y="{y}">{escape(way)}</text>')
    return "\n".join([*drawn, "</svg>", ""])


class _Scale:
    """From values to places on the paper, by powers of ten that hold all values."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self._low = math.floor(math.log10(min(values)))
        self._high = max(math.ceil(math.log10(max(values))), self._low + 1)
        self._start, self._end = start, end

    def __call__(self, value: float) -> float:
        part = (math.log10(value) - self._low) / (self._high - self._low)
        return self._start + part * (self._end - self._start)

    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self._low, self._high + 1)]
