"""Writing a judged dataset into the database: one transaction, repeatable.

Organisations, offers and demands are found again by their keys, people by their address, claims by their criterion
and proof. Of these none is deleted when a file no longer names it. The areas of an organisation and the lots of a
demand have no names of their own: where the files have any, they become exactly those of the files.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from marketplace.audit import AuditEvent
from marketplace.district.dataset.rows import Dataset
from marketplace.district.dataset.write_demands import DemandWriter
from marketplace.district.dataset.write_people import PeopleWriter
from marketplace.district.dataset.write_suppliers import SupplierWriter
from marketplace.district.dataset.writing import Counts, Writing
from marketplace.outbox import request_rebuild

R = TypeVar("R")

#: Wraps the rows of one table while they are written, to show how far it is.
Progress = Callable[[str, Sequence[R]], Iterable[R]]


@dataclass(frozen=True, slots=True)
class NewPeople:
    """What people get who are not known yet: a hashed password, or none (they then sign in by a link)."""

    password_hash: str | None = None


def load_dataset(
    session: Session,
    dataset: Dataset,
    *,
    now: datetime,
    actor_id: int | None = None,
    demo: bool = False,
    new_people: NewPeople = NewPeople(),
    progress: Progress = lambda table, rows: rows,
) -> dict[str, Counts]:
    """Write all of a dataset that :func:`check_dataset` found without problems, and commit.

    Answers how many rows of each table were created, updated, left as they were and removed. ``demo`` marks organisations and
    demands as demonstration data. Where anything changed, an audit event and the rebuilding of the index are part of
    the same transaction; where nothing did, nothing is written.
    """
    writing = Writing(session, now)
    suppliers = SupplierWriter(writing, demo=demo)
    for row in progress("organisations", dataset.organisations):
        suppliers.write_organisation(row)
    session.flush()
    suppliers.write_areas(progress("areas", dataset.areas))
    for row in progress("offers", dataset.offers):
        suppliers.write_offer(row)
    session.flush()
    for row in progress("claims", dataset.claims):
        suppliers.write_claim(row)
    people = PeopleWriter(writing, suppliers.organisations, password_hash=new_people.password_hash)
    for row in progress("people", dataset.people):
        people.write_person(row)
    demands = DemandWriter(writing, suppliers.organisations, people.by_email, demo=demo)
    for row in progress("demands", dataset.demands):
        demands.write_demand(row)
    if writing.changed:
        counts = {table: [one.created, one.updated, one.removed] for table, one in writing.counts.items()}
        session.add(
            AuditEvent(
                at=now,
                actor_id=actor_id,
                verb="dataset.load",
                subject="dataset",
                subject_id=None,
                details=counts,
            )
        )
        request_rebuild(session, now)
    session.commit()
    return writing.counts
