"""Commands for whoever runs an installation: ``flask --app wsgi ...``."""

import os

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from marketplace import worker
from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.demo import demo
from marketplace.engines import index_engine
from marketplace.errors import NotFound
from marketplace.index_upkeep import index_lock, rebuild, supplier_count
from marketplace.monitoring import logs
from marketplace.organisations.models import Status
from marketplace.organisations.standing import set_standing
from marketplace.schema import prepare_database
from marketplace.translating import translations


@click.command("init")
@with_appcontext
def init() -> None:
    """Create the database, or bring it to the tables of this version."""
    prepare_database()
    click.echo("The database is ready.")


#: Of the worker's process, above that of whoever starts it; 19 is the most.
NICENESS = 10


@click.command("worker")
@with_appcontext
def run_worker() -> None:
    """Keep the index fresh and send mails, until told to stop."""
    logs.configure(current_app.config["LOG_FORMAT"])
    app = current_app._get_current_object()
    prepare_database()
    # pages go first: where every core is wanted, people who wait for one must not wait for an import or the index
    os.nice(NICENESS)
    worker.run(app)


@click.command("reindex")
@with_appcontext
def reindex() -> None:
    """Build the index afresh beside the one in use, and swap."""
    total = supplier_count(db.session)
    db.session.rollback()

    def with_bar(documents):
        with click.progressbar(documents, length=total, label="Organisations") as bar:
            yield from bar

    with index_lock():
        offers = rebuild(db.session, index_engine(), with_bar)
    click.echo(f"{offers} offers indexed.")


organisation = AppGroup("organisation", help="Approve and suspend organisations.")


@organisation.command("approve")
@click.argument("slug")
def approve(slug: str) -> None:
    """Make the organisation SLUG public, found and matched."""
    _set_standing(slug, Status.ACTIVE)


@organisation.command("suspend")
@click.argument("slug")
def suspend(slug: str) -> None:
    """Take the organisation SLUG out of the public eye; nothing of it is deleted."""
    _set_standing(slug, Status.SUSPENDED)


def _set_standing(slug: str, status: Status) -> None:
    try:
        with writing():
            changed = set_standing(db.session, slug, status, now=utc_now())
    except NotFound:
        raise click.ClickException(f"There is no organisation {slug!r}.") from None
    click.echo(f"{slug} is {'now' if changed else 'already'} {status.value}.")


COMMANDS = (init, run_worker, reindex, organisation, translations, demo)
