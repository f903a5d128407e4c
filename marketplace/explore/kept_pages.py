"""Pages for nobody in particular, kept as long as nothing has changed in the database and in the index.

What somebody without a session is shown follows from the address, the language, the hour, the database and the index
alone (within an hour nothing on these pages begins or ends). So a page that was made is given again while all of
these are the same; the database is asked each time whether anything at all was committed since.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock

from flask import Flask, current_app, make_response, request, session
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.i18n import current_language

#: Both change with whatever is committed: the number by others, the count by this very connection.
_SQLITE = "SELECT data_version, total_changes() FROM pragma_data_version"
_POSTGRES = "SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned()::text"


class KeptPages:
    """At most so many pages, those that were asked for last; each with what it followed from. Thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._pages: OrderedDict[Hashable, tuple[Hashable, bytes]] = OrderedDict()

    def get(self, key: Hashable, state: Hashable) -> bytes | None:
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept[0] != state:
                return None
            self._pages.move_to_end(key)
            return kept[1]

    def keep(self, key: Hashable, state: Hashable, page: bytes) -> None:
        with self._lock:
            self._pages[key] = state, page
            self._pages.move_to_end(key)
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)


def kept(view: Callable) -> Callable:
    """A view whose page may be kept: it reads, and asks nothing of the request but its address and the language."""

    @wraps(view)
    def answered(**parts):
        pages: KeptPages | None = current_app.extensions.get("incontro-kept-pages")
        if pages is None or session or request.method != "GET":
            return view(**parts)
        index, database = engines.search_engine().state(), database_state(db.session)
        if index is None or database is None:
            return view(**parts)
        state = (utc_now().replace(minute=0, second=0, microsecond=0), index, database)
        key = (request.root_url, request.full_path, current_language())
        if (page := pages.get(key, state)) is not None:
            return make_response(page)
        response = make_response(view(**parts))
        if response.status_code == 200 and not session:
            pages.keep(key, state, response.get_data())
        return response

    return answered


def database_state(session: Session) -> Hashable | None:
    """Equal only while nothing was committed in between that the session's database would show.

    ``None`` where the running transaction has written itself.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # one connection's numbers say nothing of another's
        mine = connection.info.setdefault("incontro-connection", object())
        return mine, *connection.exec_driver_sql(_SQLITE).one()
    snapshot, own = connection.exec_driver_sql(_POSTGRES).one()
    # a replica has snapshots of its own
    return (connection.engine, snapshot) if own is None else None


def init_app(app: Flask) -> None:
    if most := app.config["KEPT_PAGES"]:
        app.extensions["incontro-kept-pages"] = KeptPages(most)
