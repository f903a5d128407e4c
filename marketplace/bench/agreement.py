"""``flask bench-agree``: whether both engines answer alike on a district too large for the contract suite.

It asks the indexes that ``flask bench --keep`` has left. For matches the same suppliers, order, scores and near
misses are asked for; for texts the same number of results, facets, and offers as far as a page goes.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
from flask.cli import with_appcontext

from marketplace import engines
from marketplace.bench.districts import DistrictMaker
from marketplace.bench.ways import hindrance
from marketplace.bench.ways.postgres_server import database_for
from marketplace.bench.workload import NOW, make_workload
from search.answer import Answer
from search.embedded import EmbeddedEngine
from search.queries import MAX_PER_PAGE, Page

TOLERANCE = 1e-6
"""By how much scores may differ: the engines add up the same numbers in another order."""


@click.command("bench-agree")
@click.option("--size", type=int, required=True, help="Offers of the district.")
@click.option("--keep", type=click.Path(file_okay=False, exists=True, path_type=Path), required=True)
@click.option("--questions", type=int, default=10, help="How many of each kind.")
@with_appcontext
def bench_agree(size: int, keep: Path, questions: int) -> None:
    """Compare the answers of both engines on the indexes of `flask bench --keep`."""
    if reason := hindrance("postgres"):
        raise click.ClickException(reason)
    from search.postgres import PostgresEngine, open_engine

    tree, criteria = engines.categories(), engines.criteria()
    names = {comune.istat: comune.name for comune in engines.comuni()}
    embedded = EmbeddedEngine(keep / str(size) / "instance" / "index", tree, criteria, names)
    url = database_for(keep / str(size) / "postgres")
    postgres = PostgresEngine(open_engine(url), tree, criteria, names)
    workload = make_workload(DistrictMaker(tree, criteria, engines.comuni()))
    wrong = suppliers = missed = offers = 0
    for demand in workload.match_30km[:questions]:
        ours, theirs = (
            engine.match(demand, NOW, limit=None, near_miss_limit=None) for engine in (embedded, postgres)
        )
        suppliers, missed = suppliers + len(ours.matches), missed + len(ours.near_misses)
        wrong += _tell(f"match of {demand.lots[0].category}", answers_differ(ours, theirs))
    for query in (*workload.text[:questions], *workload.text_place_criteria[:questions]):
        asked = replace(query, per_page=MAX_PER_PAGE)
        ours, theirs = (engine.search(asked, NOW) for engine in (embedded, postgres))
        offers += ours.total
        wrong += _tell(f"text {query.text!r}", pages_differ(ours, theirs))
    click.echo(
        f"{questions} matches with {suppliers:,} suppliers and {missed:,} near misses,"
        f" {2 * questions} texts with {offers:,} offers: {wrong or 'no'} answers differ."
    )
    if wrong:
        raise click.exceptions.Exit(1)


def _tell(question: str, found: Iterator[str]) -> int:
    differences = list(found)
    for each in differences:
        click.echo(f"{question}: {each}")
    return bool(differences)


def answers_differ(ours: Answer, theirs: Answer) -> Iterator[str]:
    """In what two answers to one demand differ, as sentences."""
    if [match.supplier_id for match in ours.matches] != [match.supplier_id for match in theirs.matches]:
        yield "other suppliers, or in another order"
    else:
        both = zip(ours.matches, theirs.matches, strict=True)
        most = max((abs(one.score - other.score) for one, other in both), default=0.0)
        if most > TOLERANCE:
            yield f"scores differ by {most:g}"
    missed = [[(miss.supplier_id, miss.failed) for miss in each.near_misses] for each in (ours, theirs)]
    if missed[0] != missed[1]:
        yield "other near misses, or in another order"
    counts = [(each.considered, each.in_category, each.failed, each.eligible) for each in (ours, theirs)]
    if counts[0] != counts[1]:
        yield f"other counts: {counts[0]} and {counts[1]}"


def pages_differ(ours: Page, theirs: Page) -> Iterator[str]:
    """In what two pages of one text differ, as sentences."""
    if ours.total != theirs.total:
        yield f"{ours.total} and {theirs.total} results"
    if ours.facets != theirs.facets:
        yield "other facets"
    found = [{hit.offer_id for hit in page.hits} for page in (ours, theirs)]
    if ours.total <= MAX_PER_PAGE and found[0] != found[1]:
        yield "other offers"
