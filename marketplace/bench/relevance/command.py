"""``flask relevance``: the table of docs/relevance.md."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext

from marketplace import engines
from marketplace.bench.pages import private_app
from marketplace.bench.relevance.judged import read_judged
from marketplace.bench.relevance.judging_run import OURS, Judged, finders, judge, offer_keys, table
from marketplace.bench.workload import NOW
from marketplace.catalogue.documents import supplier_documents
from marketplace.config import DATA
from marketplace.db import db, writing
from marketplace.district.dataset import Reference, check_dataset, load_dataset
from search.engine import Engine

LISTED = 10


@click.command("relevance")
@click.option("--worst", type=int, default=0, help="Also list so many queries that the engine answers worst.")
@with_appcontext
def relevance(worst: int) -> None:
    """Judge the search on queries as people type them, over the demo district, beside SQLite FTS5.

    With BENCH_POSTGRES set (as for "flask bench") also the engine within PostgreSQL, in a database of its own there.
    """
    with tempfile.TemporaryDirectory(prefix="incontro-relevance-") as folder:
        judged = judged_demo(Path(folder))
    click.echo(table(judged))
    ours = sorted((one for one in judged if one.way == OURS), key=lambda one: one.ndcg)
    for one in ours[:worst]:
        click.echo(f"{one.query.key} {one.query.text!r}: nDCG@10 {one.ndcg:.3f}, recall@20 {one.recall:.3f}")
        for offer in one.ranked[:LISTED]:
            click.echo(f"    {one.query.grades.get(offer, 0)}  {offer}")


def judged_demo(instance: Path) -> list[Judged]:
    """The judged queries over the demo district, loaded and indexed in a private installation."""
    app = private_app(instance)
    with app.app_context():
        checked = check_dataset(DATA / "demo", Reference.of_this_installation())
        if checked.problems:
            raise click.ClickException(f"The demo district has problems, the first: {checked.problems[0]}")
        with writing():
            load_dataset(db.session, checked.dataset, now=NOW, demo=True)
        engines.index_engine().rebuild(supplier_documents(db.session))
        queries = read_judged(DATA / "relevance")
        with _shared_engine(instance) as shared:
            return list(judge(queries, finders(db.session, NOW, shared), offer_keys(db.session)))


@contextmanager
def _shared_engine(folder: Path) -> Iterator[Engine | None]:
    """The engine within PostgreSQL on a database that is dropped afterwards; none where no server is named."""
    if not os.environ.get("BENCH_POSTGRES"):
        yield None
        return
    # the driver is there only where somebody wants PostgreSQL
    from marketplace.bench.ways.postgres_server import database_for, drop_databases
    from search.postgres import PostgresEngine, open_engine

    connections = open_engine(database_for(folder))
    names = {comune.istat: comune.name for comune in engines.comuni()}
    try:
        yield PostgresEngine(connections, engines.categories(), engines.criteria(), names)
    finally:
        connections.dispose()
        drop_databases([folder])
