"""``flask gdxp check``: a linter for GDXP that others can use, too."""

from pathlib import Path

import click
from flask.cli import AppGroup

from marketplace.price_lists.gdxp.linting import findings, heading
from marketplace.price_lists.gdxp.reading import read_gdxp
from marketplace.price_lists.sheets.sheet import Unreadable

gdxp = AppGroup("gdxp", help="GDXP, the exchange format of Italian purchasing groups.")


@gdxp.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Name every departure of FILE from GDXP, and the dialect recognised.

    FILE is JSON (v1), a zip of such, or XML (v0). Ends with 0 where a reader that knows the dialects can rely
    on the file, with 1 where it cannot.
    """
    try:
        documents = read_gdxp(file.read_bytes())
    except Unreadable as problem:
        values = ", ".join(f"{name} {value}" for name, value in problem.values.items())
        click.echo(f"{file.name}: cannot be read: {problem.code}{f' ({values})' if values else ''}")
        raise SystemExit(1) from None
    for name, document in documents:
        click.echo(heading(f"{file.name}:{name}" if name else file.name, document))
        for line in findings(document):
            click.echo(f"  {line}")
    raise SystemExit(0 if all(document.reliable for _name, document in documents) else 1)


commands = (gdxp,)
