"""``flask bench-alerts``: how long a new offer takes to find the saved searches that it answers."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice

import click
import numpy as np
from flask.cli import with_appcontext

from marketplace import engines
from marketplace.bench.districts import DistrictMaker
from marketplace.bench.workload import make_workload
from marketplace.notices.reverse import Kept, ReverseIndex
from search.queries import SearchQuery

SEED = 7
OFFERS = 300
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def generated(maker: DistrictMaker, count: int) -> list[Kept]:
    """Searches as people keep them: words, words near a place, a category near a place, what comes to a place."""
    dice = np.random.default_rng(SEED)
    texts = [query.text for query in make_workload(maker, questions=max(50, count // 4)).text]
    kept = []
    for number in range(count):
        comune = maker.comune(dice)
        place = comune.place
        near, radius = (place.point, float(dice.integers(5, 60))) if number % 4 else (None, None)
        query = SearchQuery(
            text=texts[number % len(texts)] if number % 4 < 2 else "",
            near=near,
            radius_km=radius,
            categories=(maker.popular_category(dice).code,) if number % 4 >= 2 else (),
            criteria=(maker.common_criterion(dice),) if number % 5 == 0 else (),
        )
        kept.append(Kept(number, query, place if number % 4 == 3 else None))
    return kept


@click.command("bench-alerts")
@click.option("--searches", default=1_000, help="Saved searches.")
@with_appcontext
def bench_alerts(searches: int) -> None:
    """Measure the reverse match: milliseconds for one new offer, and for reading the searches before."""
    maker = DistrictMaker(engines.categories(), engines.criteria(), engines.comuni())
    names = {comune.istat: comune.name for comune in engines.comuni()}
    kept = generated(maker, searches)
    offers = islice(
        ((supplier, offer) for supplier in maker.suppliers(OFFERS) for offer in supplier.offers), OFFERS
    )
    pairs = list(offers)

    def build() -> ReverseIndex:
        return ReverseIndex(kept, engines.categories(), engines.criteria(), names)

    index = build()
    answered = 0
    took = []
    for supplier, offer in pairs:
        took.append(_milliseconds(lambda s=supplier, o=offer: list(index.answered_by(s, [o], NOW))))
        answered += sum(len(keys) for _offer, keys in index.answered_by(supplier, [offer], NOW))
    took.sort()
    building = sorted(_milliseconds(build) for _ in range(10))
    click.echo(
        f"{searches} searches, {len(pairs)} offers, {answered / len(pairs):.1f} searches answered by each: "
        f"median {took[len(took) // 2]:.1f} ms, 95th percentile {took[len(took) * 95 // 100]:.1f} ms, "
        f"longest {took[-1]:.1f} ms; the searches are read in {building[5]:.0f} ms (median)"
    )


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1_000 * (time.perf_counter() - started)
