"""``flask bench`` and ``flask relevance``: the figures of docs/performance.md and docs/relevance.md."""

import tempfile
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from marketplace import engines
from marketplace.bench.agreement import bench_agree
from marketplace.bench.alerts import bench_alerts
from marketplace.bench.demand_pages import bench_demands
from marketplace.bench.districts import DistrictMaker
from marketplace.bench.figures import WORKS, Figure, merged, read_json, table, write_json
from marketplace.bench.joint_answers import bench_joint
from marketplace.bench.over_http import bench_http
from marketplace.bench.plotting import bench_plot
from marketplace.bench.relevance.command import relevance
from marketplace.bench.running import Run
from marketplace.bench.ways import WAYS, hindrance, measurable
from marketplace.bench.ways.way import Setting
from marketplace.bench.workload import QUESTIONS, make_workload

SIZES = "1000,10000,100000"
BUDGET_S = 15.0
"""About how long each kind of question is repeated at each size."""


class Listed(click.ParamType):
    """Several values joined by commas."""

    name = "list"

    def __init__(self, one) -> None:
        self._one = one

    def convert(self, value, param, ctx):
        if isinstance(value, tuple):
            return value
        try:
            return tuple(self._one(part.strip()) for part in value.split(",") if part.strip())
        except ValueError as reason:
            self.fail(str(reason), param, ctx)


def _size(text: str) -> int:
    size = int(text.replace("_", ""))
    if size < 1:
        raise ValueError("a district has at least one offer")
    return size


def _way(text: str) -> str:
    if text not in WAYS:
        raise ValueError(f"{text!r} is none of {', '.join(WAYS)}")
    if reason := hindrance(text):
        raise ValueError(reason)
    return text


def _work(text: str) -> str:
    if text not in WORKS:
        raise ValueError(f"{text!r} is none of {', '.join(WORKS)}")
    return text


@click.command("bench")
@click.option("--sizes", type=Listed(_size), default=SIZES, help="Offers of the districts, joined by commas.")
@click.option(
    "--ways",
    type=Listed(_way),
    default=lambda: ",".join(measurable()),
    help="What to measure, joined by commas.",
)
@click.option(
    "--budget", type=float, default=BUDGET_S, help="Seconds for which each kind of question is repeated."
)
@click.option(
    "--questions", type=click.IntRange(1, QUESTIONS), default=QUESTIONS, help="How many of each kind."
)
@click.option("--works", type=Listed(_work), default=",".join(WORKS), help="Of what, joined by commas.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep indexes and figures in this folder: what is there is not built again, what is measured is put to it.",
)
@with_appcontext
def bench(
    sizes: tuple[int, ...],
    ways: tuple[str, ...],
    budget: float,
    questions: int,
    works: tuple[str, ...],
    keep: Path | None,
) -> None:
    """Measure search and matching on generated districts; also into bench.json in INSTANCE."""
    started = time.monotonic()

    def say(what: str) -> None:
        click.echo(f"{time.monotonic() - started:7.1f} s  {what}", err=True)

    for name in WAYS:
        if name not in ways and (reason := hindrance(name)):
            say(f"left out: {reason}")
    names = {comune.istat: comune.name for comune in engines.comuni()}
    setting = Setting(Path(), engines.categories(), engines.criteria(), names)
    maker = DistrictMaker(engines.categories(), engines.criteria(), engines.comuni())
    workload = make_workload(maker).first(questions)
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
    target = (keep or Path(current_app.instance_path)) / "bench.json"
    figures: list[Figure] = []
    try:
        for size in sizes:
            say(f"{size:,} offers")
            with tempfile.TemporaryDirectory(prefix="incontro-bench-") as temporary:
                folder = keep / str(size) if keep else Path(temporary)
                run = Run(folder, size, ways, maker, setting, say, works=works, kept=keep is not None)
                figures += run.figures(workload, budget)
    finally:
        # whoever stops a long run keeps what was measured
        if keep:
            figures = merged(read_json(target), figures)
        write_json(figures, target)
        click.echo(table(figures))
        click.echo(f"Also in {target}", err=True)


commands = (bench_demands, bench, bench_agree, bench_http, bench_plot, bench_alerts, bench_joint, relevance)
