"""The ways that are measured side by side: our engine, and what one would use without it."""

from collections.abc import Callable

from marketplace.bench.ways.embedded_way import EmbeddedWay
from marketplace.bench.ways.fts5_way import Fts5Way
from marketplace.bench.ways.way import Setting, Way
from marketplace.bench.ways.whoosh_way import WhooshWay

WAYS: dict[str, Callable[[Setting], Way]] = {way.name: way for way in (EmbeddedWay, WhooshWay, Fts5Way)}
"""Every way by its name; another one joins by adding itself here."""
