"""``flask dataset``: check and load a district kept as CSV files (docs/dataset.md)."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import AppGroup
from flask_security.utils import hash_password

from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.district.dataset import Checked, Counts, Reference, check_dataset, load_dataset
from marketplace.district.dataset.load import NewPeople
from marketplace.schema import prepare_database

R = TypeVar("R")

FOLDER = click.argument("folder", type=click.Path(path_type=Path))

dataset_cli = AppGroup("dataset", help="Check and load a district kept as CSV files (docs/dataset.md).")


@dataset_cli.command("check")
@FOLDER
def check(folder: Path) -> None:
    """Name every problem of every row in FOLDER; change nothing."""
    _judged(folder)


@dataset_cli.command("load")
@FOLDER
@click.option("--demo", is_flag=True, help="Mark organisations and demands as demonstration data.")
@click.option(
    "--password",
    envvar="DATASET_PASSWORD",
    help="Password of people who are not known yet; without it they sign in by a link sent by mail.",
)
def load(folder: Path, demo: bool, password: str | None) -> None:
    """Write the dataset in FOLDER into the database, all of it or nothing."""
    prepare_database()
    load_folder(folder, demo=demo, password=password)


def load_folder(folder: Path, *, demo: bool = False, password: str | None = None) -> dict[str, Counts]:
    """Check and load a folder, saying on the terminal what happens. Raises click's Exit with status 1 on problems."""
    checked = _judged(folder)
    # hashing takes a while, so it is done before the database is locked
    new_people = NewPeople(hash_password(password) if password else None)
    with writing():
        counts = load_dataset(
            db.session,
            checked.dataset,
            now=utc_now(),
            demo=demo,
            new_people=new_people,
            progress=_progress,
        )
    for table, one in counts.items():
        click.echo(
            f"{table:<14}{one.created:>8} created{one.updated:>8} updated{one.unchanged:>8} unchanged"
            f"{one.removed:>8} removed"
        )
    if not any(one.created or one.updated or one.removed for one in counts.values()):
        click.echo("Nothing has changed.")
    return counts


def _judged(folder: Path) -> Checked:
    """The dataset of a folder; prints its problems and exits with status 1 where there are any."""
    checked = check_dataset(folder, Reference.of_this_installation())
    for problem in checked.problems:
        click.echo(str(problem), err=True)
    if checked.problems:
        files = len({problem.file for problem in checked.problems})
        click.echo(f"{len(checked.problems)} problems in {files} file(s); nothing was changed.", err=True)
        raise click.exceptions.Exit(1)
    dataset = checked.dataset
    click.echo(
        f"No problems: {len(dataset.organisations)} organisations, {len(dataset.offers)} offers,"
        f" {len(dataset.demands)} demands."
    )
    return checked


def _progress(table: str, rows: Sequence[R]) -> Iterator[R]:
    """A bar on a terminal, nothing where the output goes elsewhere."""
    with click.progressbar(rows, label=f"{table:<14}", update_min_steps=max(1, len(rows) // 100)) as bar:
        yield from bar
