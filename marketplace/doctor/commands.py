"""``flask doctor``."""

import click
from flask.cli import with_appcontext

from marketplace.clock import utc_now
from marketplace.doctor.checks import CHECKS


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Say what is missing here and how to mend it; exit status 1 where something is."""
    now = utc_now()
    ill = 0
    for check in CHECKS:
        finding = check(now)
        ill += not finding.well
        click.echo(f"{'ok     ' if finding.well else 'MISSING'} {finding.subject:<11} {finding.seen}")
        if finding.remedy:
            click.echo(f"{'':<20}-> {finding.remedy}")
    if ill:
        raise click.exceptions.Exit(1)


commands = (doctor,)
