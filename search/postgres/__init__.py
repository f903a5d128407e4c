"""The engine within PostgreSQL with PostGIS: one index for all processes on all machines."""

from search.postgres.connecting import open_engine
from search.postgres.engine import PostgresEngine

__all__ = ["PostgresEngine", "open_engine"]
