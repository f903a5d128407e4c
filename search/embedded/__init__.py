"""The engine that needs nothing but a folder. The only place that imports Whoosh."""

from search.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
