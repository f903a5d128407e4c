"""Figures of a run: one entry for each work, way and size; as a table for people and as JSON for programs."""

import json
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ASKED = ("text", "text_place_criteria", "facets", "map_box", "match_30km")
"""The works that are questions, asked of every way in turn."""
WORKS = (*ASKED, "publish", "build", "page")
_NAMED = ("work", "way", "size", "median_ms", "p95_ms")
YARDSTICK, OURS = "whoosh", "embedded"


@dataclass(frozen=True, slots=True)
class Figure:
    """How long a work took one way at one size (offers): median and 95th percentile of the times, milliseconds.

    ``extra`` holds what else was measured of it, by names with their units.
    """

    work: str
    way: str
    size: int
    median_ms: float
    p95_ms: float
    extra: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, work: str, way: str, size: int, seconds: Sequence[float], **extra: float) -> "Figure":
        """The figure of times in seconds, at least one."""
        times = sorted(1_000 * one for one in seconds)
        # The least time that at least 95 in 100 do not exceed.
        p95 = times[-(-95 * len(times) // 100) - 1]
        return cls(
            work, way, size, round(statistics.median(times), 4), round(p95, 4), {"times": len(times), **extra}
        )

    @classmethod
    def of_entry(cls, entry: Mapping[str, Any]) -> "Figure":
        """The figure of an entry."""
        extra = dict(entry)
        return cls(**{name: extra.pop(name) for name in _NAMED}, extra=extra)

    def entry(self) -> dict[str, object]:
        """The entry of ``bench.json``."""
        return {name: getattr(self, name) for name in _NAMED} | self.extra


def write_json(figures: Iterable[Figure], path: Path) -> None:
    """All entries as one list."""
    path.write_text(json.dumps([figure.entry() for figure in figures], indent=1) + "\n", encoding="utf-8")


def read_json(path: Path) -> list[Figure]:
    """The figures of a file of :func:`write_json`; none where it is not there."""
    if not path.exists():
        return []
    return [Figure.of_entry(entry) for entry in json.loads(path.read_text(encoding="utf-8"))]


def merged(earlier: Iterable[Figure], figures: Iterable[Figure]) -> list[Figure]:
    """The figures with those of ``earlier`` that were not measured again, in order of size."""
    known = {(figure.size, figure.work, figure.way): figure for figure in (*earlier, *figures)}
    return sorted(known.values(), key=lambda figure: figure.size)


def table(figures: Sequence[Figure]) -> str:
    """Markdown tables: of times by the clock and by the processor, and of the indexes."""
    ways = list(dict.fromkeys(figure.way for figure in figures))
    known = {(figure.work, figure.way, figure.size): figure for figure in figures}
    sizes = sorted({figure.size for figure in figures})
    processor = {
        key: replace(figure, median_ms=figure.extra["cpu_median_ms"], p95_ms=figure.extra["cpu_p95_ms"])
        for key, figure in known.items()
        if "cpu_median_ms" in figure.extra
    }
    tables = [_times_of("by the clock", known, ways, sizes)]
    if processor:
        tables.append(_times_of("of the processor", processor, ways, sizes))
    return "\n".join((*tables, _memory(known, ways, sizes)))


def _times_of(
    measured: str, known: dict[tuple[str, str, int], Figure], ways: Sequence[str], sizes: Sequence[int]
) -> str:
    heads = [f"{way}: median, p95" for way in ways]
    lines = _row([f"ms {measured}", "offers", *heads, f"{YARDSTICK} / {OURS}"])
    lines += "|---|--:|" + "--:|" * (len(ways) + 1) + "\n"
    for work in WORKS:
        for size in sizes:
            of_ways = [known.get((work, way, size)) for way in ways]
            if any(of_ways):
                cells = [_times(figure) for figure in of_ways]
                lines += _row([work, f"{size:,}", *cells, _ratio(known, work, size)])
    return lines


def _memory(known: dict[tuple[str, str, int], Figure], ways: Sequence[str], sizes: Sequence[int]) -> str:
    rows = [
        ("disk_mb", "index on disk (MB)"),
        ("memory_mb", "memory to answer (MB)"),
        ("build_memory_mb", "memory to build, at most (MB)"),
        ("offers_per_s", "offers built a second"),
        ("offers_per_cpu_s", "offers built a second of the processor"),
    ]
    lines = _row(["of the index", "offers", *ways]) + "|---|--:|" + "--:|" * len(ways) + "\n"
    for key, label in rows:
        for size in sizes:
            builds = [known.get(("build", way, size)) for way in ways]
            cells = [
                f"{figure.extra[key]:,.0f}" if figure and key in figure.extra else "" for figure in builds
            ]
            if any(cells):
                lines += _row([label, f"{size:,}", *cells])
    return lines


def _ratio(known: dict[tuple[str, str, int], Figure], work: str, size: int) -> str:
    ours, theirs = known.get((work, OURS, size)), known.get((work, YARDSTICK, size))
    return f"{theirs.median_ms / ours.median_ms:,.1f}" if ours and theirs and ours.median_ms else ""


def _times(figure: Figure | None) -> str:
    return f"{_ms(figure.median_ms)}, {_ms(figure.p95_ms)}" if figure else ""


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"
