"""Creating a row or updating it only where it differs, and counting which of them happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

TABLES = ("organisations", "areas", "offers", "claims", "people", "demands", "lots")


@dataclass(slots=True)
class Counts:
    """Rows of one table by what a load did to them."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0


class Writing:
    """One load: its session, its moment and its counts."""

    def __init__(self, session: Session, now: datetime):
        self.session, self.now = session, now
        self.counts = {table: Counts() for table in TABLES}

    @property
    def changed(self) -> bool:
        return any(one.created or one.updated or one.removed for one in self.counts.values())

    def create(self, table: str, instance: Any) -> Any:
        self.session.add(instance)
        self.counts[table].created += 1
        return instance

    def remove(self, table: str, instance: Any) -> None:
        self.session.delete(instance)
        self.counts[table].removed += 1

    def update(self, table: str, instance: Any, values: dict[str, Any], *, also: bool = False) -> bool:
        """Set what differs; ``also`` says that something beside the columns (a set of kinds) has changed already.

        Answers whether anything changed. A table with ``updated_at`` gets the moment of the load.
        """
        changed = also
        for name, value in values.items():
            if getattr(instance, name) != value:
                setattr(instance, name, value)
                changed = True
        if changed:
            self.counts[table].updated += 1
            if hasattr(instance, "updated_at"):
                instance.updated_at = self.now
        else:
            self.counts[table].unchanged += 1
        return changed
