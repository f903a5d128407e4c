"""The schema as an installation gets it: by the migrations, not by ``create_all``."""

import tempfile

from marketplace import create_app
from marketplace.db import db
from marketplace.schema import prepare_database


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the newest revision and leave no connection open."""
    with tempfile.TemporaryDirectory() as instance:
        app = create_app({"DATABASE_URL": url, "INSTANCE": instance})
        with app.app_context():
            prepare_database()
            db.engine.dispose()
