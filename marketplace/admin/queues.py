"""What needs a decision today, as sections of the desk's page; each feature fills its own.

A section is made by a function ``(session, now) -> Section``. Whoever has something to decide elsewhere (claims to
verify, for example) writes such a function beside the queries of its feature and adds it to :data:`SECTIONS`.
What is shown of one organisation beside its application works in the same way, by :data:`PANELS`:
functions ``(session, organisation, now) -> Section``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.organisations.evidence_models import Document
from marketplace.organisations.models import Organisation, Status

#: Lines of one section that are shown; the number of all of them is told.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to decide: what it is called, where, since when it waits, and a few words more."""

    label: str
    url: str
    since: datetime | None = None
    details: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """``total`` counts all, of which ``lines`` are the first; ``code`` is the element's id on the page."""

    code: str
    title: str
    total: int
    lines: Sequence[Line]


def applications(session: Session, now: datetime) -> Section:
    """Organisations that were handed in and wait, the oldest first."""
    waiting = (Organisation.status == Status.APPLICANT, Organisation.submitted_at.is_not(None))
    total = session.scalar(sa.select(sa.func.count()).select_from(Organisation).where(*waiting))
    rows = session.scalars(
        sa.select(Organisation)
        .where(*waiting)
        .order_by(Organisation.submitted_at, Organisation.id)
        .limit(SHOWN)
    )
    return Section("applications", _("Who asks to join"), total, [_application(row) for row in rows])


def _application(organisation: Organisation) -> Line:
    comune = engines.comuni().get(organisation.comune) if organisation.comune else None
    return Line(
        organisation.name,
        url_for("admin.organisation", slug=organisation.slug),
        organisation.submitted_at,
        comune.label if comune else "",
    )


def documents(session: Session, organisation: Organisation, now: datetime) -> Section:
    """What the organisation keeps here."""
    rows = session.scalars(
        sa.select(Document).where(Document.organisation_id == organisation.id).order_by(Document.id.desc())
    ).all()
    lines = [
        Line(row.title, url_for("evidence.document", document_id=row.id), row.uploaded_at)
        for row in rows[:SHOWN]
    ]
    return Section("documents", _("Documents"), len(rows), lines)


SECTIONS: list[Callable[[Session, datetime], Section]] = [applications]
PANELS: list[Callable[[Session, Organisation, datetime], Section]] = [documents]


def sections(session: Session, now: datetime) -> list[Section]:
    return [make(session, now) for make in SECTIONS]


def panels(session: Session, organisation: Organisation, now: datetime) -> list[Section]:
    return [make(session, organisation, now) for make in PANELS]
