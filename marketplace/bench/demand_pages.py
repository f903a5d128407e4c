"""``flask bench-demands``: the live count of a request, and the page of one, on a generated district."""

import gc
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from marketplace import engines
from marketplace.bench.districts import DistrictMaker
from marketplace.bench.measuring import Took, took
from marketplace.bench.pages import insert_district, private_app
from marketplace.bench.workload import NOW, make_workload
from marketplace.db import db, writing
from marketplace.demands.models import Demand as StoredDemand
from marketplace.demands.models import DemandType
from marketplace.demands.operations import needed
from marketplace.demands.relaxing import counted, relaxations
from search.demand import Demand, Mode, Required
from search.embedded import EmbeddedEngine

ROUNDS = 20
#: Suitable suppliers of the request whose page is measured, about.
SUITABLE = 500


@click.command("bench-demands")
@click.option("--offers", default=100_000, help="Offers of the district.")
@with_appcontext
def bench_demands(offers: int) -> None:
    """Measure counting while writing, with every must dropped in turn, and the page of a request."""
    maker = DistrictMaker(engines.categories(), engines.criteria(), engines.comuni())
    asked = [with_musts(demand) for demand in make_workload(maker).match_30km]
    with tempfile.TemporaryDirectory(prefix="incontro-bench-") as folder:
        app = private_app(Path(folder) / "instance")
        names = {comune.istat: comune.name for comune in engines.comuni()}
        engine = EmbeddedEngine(
            Path(folder) / "instance" / "index", engines.categories(), engines.criteria(), names
        )
        engine.rebuild(maker.suppliers(offers))
        for demand in asked:
            counted(engine, demand, NOW)
        report("count", [took(lambda demand=demand: counted(engine, demand, NOW)) for demand in asked * 3])
        dropped = sum(len(list(relaxations(demand))) for demand in asked) / len(asked)
        click.echo(f"{dropped:.1f} musts dropped in each count")
        insert_district(app, maker.suppliers(offers))
        widest = min(
            (
                replace(demand, max_distance_km=None, mode=Mode.COLLECT)
                for demand in make_workload(maker).match_30km
            ),
            key=lambda demand: abs(engine.suitable_counts([demand], NOW)[0] - SUITABLE),
        )
        click.echo(f"{engine.suitable_counts([widest], NOW)[0]} suitable suppliers on the page")
        # a web process does not hold the district in objects: its collector has not to go through them
        gc.collect()
        gc.freeze()
        client, path = app.test_client(), f"/demands/{stored(app, widest)}"
        for _ in range(3):
            fetched(client, path)
        report("page", [took(lambda: fetched(client, path)) for _ in range(ROUNDS)])


def with_musts(demand: Demand) -> Demand:
    """The same with two required criteria, a distance, months and a lot that may not be split: six relaxations."""
    wanted = [wish.criterion for wish in demand.preferred]
    register = engines.criteria()
    return replace(
        demand,
        required=tuple(
            Required(code, frozenset(register[code].requirable_proofs(demand.profile))) for code in wanted
        ),
        preferred=(),
        months=frozenset({4, 5, 6}),
        lots=tuple(replace(lot, quantity=10_000, unit="kg", splittable=False) for lot in demand.lots),
    )


def stored(app: Flask, demand: Demand) -> int:
    """The id of a published request that asks for it."""
    # the moment of the workload may still be to come by the clock of the page
    published = NOW - timedelta(days=1)
    with app.app_context(), writing():
        row = StoredDemand(
            type=DemandType.WISH,
            title="Misura",
            created_at=published,
            published_at=published,
            **needed(demand, "Bergamo (BG)"),
        )
        db.session.add(row)
        db.session.commit()
        return row.id


def fetched(client, path: str) -> int:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return len(answer.data)


def report(name: str, times: list[Took]) -> None:
    for kind, seconds in (
        ("clock", sorted(one.clock for one in times)),
        ("processor", sorted(one.processor for one in times)),
    ):
        middle, high = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
        click.echo(f"{name}, {kind}: median {middle * 1000:.1f} ms, p95 {high * 1000:.1f} ms")
