"""Connections for searching: of their own, because what suits the application's transactions does not suit these."""

import sqlalchemy as sa


def open_engine(url: str, pool_size: int = 2, connect_timeout: int | None = None) -> sa.Engine:
    """Connections to the database at ``url``, at most ``pool_size`` kept open and five more under load.

    ``connect_timeout`` is in seconds; without one the driver waits as long as it likes.

    Statements are planned anew each time, as one that was prepared is planned without knowing how rare its
    words are; and never compiled, which takes longer than they run.
    """
    return sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"prepare_threshold": None, "options": "-c jit=off", "connect_timeout": connect_timeout},
    )
