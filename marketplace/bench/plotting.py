"""``flask bench-plot``: cost against size from ``bench.json``, as an SVG with all axes logarithmic."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from marketplace.bench.figures import ASKED

Series = Mapping[str, Sequence[tuple[float, float]]]
"""By way its points: offers, and milliseconds."""

COLUMNS = 2
WIDTH, HEIGHT = 400, 260
"""One panel, with what stands around it."""
LEFT, RIGHT, TOP, BOTTOM = 52, 36, 34, 34
LEGEND_ROW, LEGEND_PLACE = 22, 160
#: Told apart by people who do not see all colours, and by their marks: what is drawn around a point.
STYLES = (
    ("#0072b2", "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z"),
    ("#d55e00", "M-4 -4H4V4H-4Z"),
    ("#009e73", "M0 -5.5L5 4H-5Z"),
    ("#cc79a7", "M0 -6L6 0L0 6L-6 0Z"),
    ("#56b4e9", "M0 5.5L5 -4H-5Z"),
    ("#e69f00", "M-5.5 -2H-2V-5.5H2V-2H5.5V2H2V5.5H-2V2H-5.5Z"),
    ("#000000", "M-5 -3H5V3H-5Z"),
)


@click.command("bench-plot")
@click.option("--work", "works", multiple=True, default=ASKED, help="Kind of question; one panel for each.")
@click.option("--figures", type=click.Path(path_type=Path), help="bench.json; else that of INSTANCE.")
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help="The SVG to write.")
@click.option("--processor", is_flag=True, help="Of the processor's time instead of the clock's.")
@with_appcontext
def bench_plot(works: tuple[str, ...], figures: Path | None, target: Path, processor: bool) -> None:
    """Draw the medians of some kinds of questions against the offers of the district."""
    source = figures or Path(current_app.instance_path) / "bench.json"
    if not source.exists():
        raise click.ClickException(f"{source} is not there: run flask --app wsgi bench first.")
    entries = json.loads(source.read_text(encoding="utf-8"))
    measured = "cpu_median_ms" if processor else "median_ms"
    panels = {work: series for work in works if (series := series_of(entries, work, measured))}
    if not panels:
        raise click.ClickException(f"{source} has no figures of {', '.join(works)}.")
    title = f"Median milliseconds {'of the processor' if processor else 'by the clock'} against offers"
    target.write_text(svg(panels, title), encoding="utf-8")


def series_of(
    entries: Iterable[dict], work: str, measured: str = "median_ms"
) -> dict[str, list[tuple[float, float]]]:
    """By way its points (offers, ms), smallest first; ``measured`` is a key of the entries."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for entry in entries:
        if entry["work"] == work and entry.get(measured, 0) > 0:
            found[entry["way"]].append((entry["size"], entry[measured]))
    return {way: sorted(points) for way, points in found.items()}


def svg(panels: Mapping[str, Series], title: str) -> str:
    """The drawing, with one scale for all panels; every way has at least one point, all coordinates are above zero."""
    ways = list(dict.fromkeys(way for series in panels.values() for way in series))
    points = [point for series in panels.values() for line in series.values() for point in line]
    across = _Scale([x for x, _ in points], LEFT, WIDTH - RIGHT)
    up = _Scale([y for _, y in points], HEIGHT - BOTTOM, TOP)
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    width = columns * WIDTH
    in_a_row = width // LEGEND_PLACE
    height = rows * HEIGHT + LEGEND_ROW * -(-len(ways) // in_a_row) + 8
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="title desc" font-family="sans-serif" font-size="12">'
        f'<title id="title">{escape(title)}</title><desc id="desc">{escape(_described(panels))}</desc>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
    ]
    for number, (work, series) in enumerate(panels.items()):
        at = f"translate({number % columns * WIDTH} {number // columns * HEIGHT})"
        drawn += [f'<g transform="{at}">', *_panel(work, series, ways, across, up), "</g>"]
    for number, way in enumerate(ways):
        colour, mark = _style(number)
        x = LEFT + number % in_a_row * LEGEND_PLACE
        y = rows * HEIGHT + 14 + number // in_a_row * LEGEND_ROW
        drawn.append(f'<path d="{mark}" transform="translate({x} {y - 4})" fill="{colour}"/>')
        drawn.append(f'<text x="{x + 12}" y="{y}">{escape(way)}</text>')
    return "\n".join([*drawn, "</svg>", ""])


def _panel(work: str, series: Series, ways: Sequence[str], across: "_Scale", up: "_Scale") -> Iterable[str]:
    yield f'<text x="{LEFT}" y="20" font-weight="bold">{escape(work)}</text>'
    for value in across.ticks():
        x = across(value)
        yield f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:,.0f}</text>'
    for value in up.ticks():
        y = up(value)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
    for way, line in series.items():
        colour, mark = _style(ways.index(way))
        places = [(across(x), up(y)) for x, y in line]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for x, y in places:
            yield f'<path class="point" d="{mark}" transform="translate({x:.1f} {y:.1f})" fill="{colour}"/>'


def _style(number: int) -> tuple[str, str]:
    return STYLES[number % len(STYLES)]


def _described(panels: Mapping[str, Series]) -> str:
    """What the drawing shows, for whoever does not see it."""
    return " ".join(
        f"{work}, {way}: {', '.join(f'{y:.3g} ms at {x:,.0f} offers' for x, y in line)}."
        for work, series in panels.items()
        for way, line in series.items()
    )


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
