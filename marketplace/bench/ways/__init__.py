"""The ways that are measured side by side: our engines, and what one would use without them."""

from collections.abc import Callable

from marketplace.bench.ways import postgres_server, tantivy_way
from marketplace.bench.ways.embedded_way import EmbeddedWay
from marketplace.bench.ways.fts5_way import Fts5Way
from marketplace.bench.ways.postgis_way import PostgisWay
from marketplace.bench.ways.postgres_way import PostgresAnewWay, PostgresWay
from marketplace.bench.ways.tantivy_way import TantivyWay
from marketplace.bench.ways.way import Setting, Way
from marketplace.bench.ways.whoosh_way import WhooshWay

WAYS: dict[str, Callable[[Setting], Way]] = {
    way.name: way
    for way in (EmbeddedWay, WhooshWay, Fts5Way, TantivyWay, PostgresWay, PostgresAnewWay, PostgisWay)
}
"""Every way by its name; another one joins by adding itself here."""
ON_A_SERVER = frozenset({"postgres", "postgres-anew", "postgis-sql"})
"""Those that need a server, named by an environment variable (:mod:`marketplace.bench.ways.postgres_server`)."""


def hindrance(name: str) -> str:
    """Why the way cannot be measured here, as a sentence with the remedy; empty where it can."""
    if name in ON_A_SERVER and not postgres_server.server_url():
        return f"{name} needs a server: its address in {postgres_server.VARIABLE}"
    if name in ON_A_SERVER and not postgres_server.is_installed():
        return "psycopg is not installed: pip install -c constraints.txt -e '.[postgres]'"
    if name == TantivyWay.name and not tantivy_way.is_installed():
        return "tantivy is not installed: pip install -c constraints.txt -e '.[bench]'"
    return ""


def measurable() -> list[str]:
    """The names of the ways that can be measured here."""
    return [name for name in WAYS if not hindrance(name)]
