"""``flask move --to URL``."""

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.moving.copying import copy_rows, differences, empty, is_empty, nobody_writes, row_count
from marketplace.outbox import request_rebuild
from marketplace.schema import is_current, prepare_database


@click.command("move")
@click.option("--to", "url", required=True, metavar="URL", help="DATABASE_URL of the database that receives.")
@click.option("--replace", is_flag=True, help="Empty that database first, where it holds something.")
@with_appcontext
def move(url: str, replace: bool) -> None:
    """Copy the whole database into another one and check it; this one stays as it is.

    Stop the web server first: while it runs nobody can write. All happens in one transaction of the database that
    receives, so that a move that was interrupted left nothing there and can be run again.
    """
    if not is_current():
        raise click.ClickException("The tables here are of another version: run flask --app wsgi init.")
    receiving = _receiving_app(url)
    try:
        with nobody_writes(db.engine) as source, receiving.app_context():
            _copy(source, replace)
    except SQLAlchemyError as problem:
        cause = str(getattr(problem, "orig", None) or problem).strip().splitlines()[0]
        raise click.ClickException(f"Nothing was moved: {cause}") from None
    click.echo(
        "Set DATABASE_URL to that address, start the services, and run flask --app wsgi doctor.\n"
        "Files stay in the instance folder; the index is built again by itself."
    )


def _receiving_app(url: str):
    # here, because the factory imports this
    from marketplace import create_app

    app = create_app(
        {
            "DATABASE_URL": url,
            "INSTANCE": current_app.config["INSTANCE"],
            "SECURE_COOKIES": current_app.config["SECURE_COOKIES"],
        }
    )
    here = db.engine.url
    with app.app_context():
        if db.engine.url == here:
            raise click.ClickException("That is the database in use: name another one.")
        prepare_database()
    return app


def _copy(source: sa.Connection, replace: bool) -> None:
    with writing(), db.engine.begin() as target:
        if not is_empty(target):
            if not replace:
                raise click.ClickException(
                    "That database is not empty: choose another one, or let it be emptied with --replace."
                )
            empty(target)
        with click.progressbar(length=row_count(source), label="Rows") as bar:
            copy_rows(source, target, bar.update)
        different = differences(source, target)
        if different:
            lines = "\n".join(
                f"  {one.table}.{one.what}: {one.here} here, {one.there} there" for one in different
            )
            raise click.ClickException(f"Nothing was moved, because this is not the same:\n{lines}")
        rows = row_count(target)
    with writing():
        request_rebuild(db.session, utc_now())
        db.session.commit()
    click.echo(f"{rows} rows, the same on both sides: counts, sums and lengths.")


commands = (move,)
