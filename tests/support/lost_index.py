"""The index gone, as if somebody had deleted it while it was being used."""

import shutil

import sqlalchemy as sa

from marketplace.db import db
from marketplace.engines import index_engine, index_folder
from search.engine import SharedEngine


def lose_index() -> None:
    """Delete the index of the running application, wherever its engine keeps it."""
    if isinstance(index_engine(), SharedEngine):
        with db.engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA search CASCADE"))
    else:
        shutil.rmtree(index_folder())
