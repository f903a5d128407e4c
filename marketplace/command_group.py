"""The commands of ``flask --app wsgi``, imported when one is asked for: web processes have no use for them."""

from collections.abc import Callable

import click
from flask.cli import AppGroup


class CommandGroup(AppGroup):
    """A group whose own commands are added by ``load``, once, when somebody looks for any."""

    def __init__(self, load: Callable[[AppGroup], None]):
        super().__init__()
        self._load: Callable[[AppGroup], None] | None = load

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        self._complete()
        return super().get_command(ctx, name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._complete()
        return super().list_commands(ctx)

    def _complete(self) -> None:
        load, self._load = self._load, None
        if load is not None:
            load(self)
