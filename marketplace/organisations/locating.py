"""Seats saved while the geocoder did not answer: looked up again by the worker, a few times, ever more rarely.

How often it was tried is told by the audit events since the seat was last written. In the end, or where the
geocoder does not know the place, the middle of the municipality is taken, and the owners are asked to move the point.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.areas import Place
from geo.comuni import Comune
from geo.geocoding import Ambiguous, GeocodedPlace, NotFound, Unavailable
from marketplace import audit, engines, outbox
from marketplace.audit import AuditEvent
from marketplace.db import writing
from marketplace.evidence.moved_places import places_changed
from marketplace.organisations import letters
from marketplace.organisations.models import Organisation

#: Between one attempt and the next, four times longer each time: 5 minutes to 21 hours.
FIRST_WAIT = timedelta(minutes=5)
GROWTH = 4
MAX_ATTEMPTS = 5
#: Seats looked up in one round; each may hold it for some seconds.
AT_ONCE = 10
FAILED = "organisation.not_located"


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts, the one of the page not counted."""
    return FIRST_WAIT * GROWTH**attempts


def locate_again(session: Session, now: datetime) -> int:
    """Look up the seats that are due; how many have a point now. No transaction stays open while a server is asked."""
    due = session.execute(
        sa.select(Organisation.id, Organisation.address, Organisation.comune)
        .where(Organisation.locate_after <= now, Organisation.comune.is_not(None))
        .order_by(Organisation.locate_after, Organisation.id)
        .limit(AT_ONCE)
    ).all()
    session.rollback()
    located = 0
    for id_, address, comune in due:
        try:
            found, answered = look_up(address, engines.comuni().get(comune)), True
        except Unavailable:
            found, answered = None, False
        with writing():
            located += _write(session, id_, (address, comune), found, answered, now)
    return located


def look_up(address: str, comune: Comune) -> GeocodedPlace | None:
    """The address within its comune, else the comune, as far as they are known. Raises :class:`Unavailable`."""
    name = f"{comune.name}, {comune.sigla}"
    for text in ([f"{address}, {name}"] if address else []) + [name]:
        try:
            found = engines.geocoder().geocode(text)
        except (NotFound, Ambiguous):
            continue
        if found.comune == comune.istat:
            return found
    return None


def _write(
    session: Session,
    id_: int,
    asked: tuple[str, str],
    found: GeocodedPlace | None,
    answered: bool,
    now: datetime,
) -> bool:
    """Keep the point, or when to try again; whether there is a point now."""
    organisation = session.get(Organisation, id_, with_for_update=True, populate_existing=True)
    if organisation is None or organisation.locate_after is None or organisation.locate_after > now:
        session.rollback()
        return False
    if (organisation.address, organisation.comune) != asked:
        # written anew meanwhile: the next round asks for that
        session.rollback()
        return False
    if found is None:
        attempts = _attempts(session, id_) + 1
        audit.record(session, now=now, actor_id=None, verb=FAILED, subject=organisation, attempt=attempts)
        if not answered and attempts < MAX_ATTEMPTS:
            organisation.locate_after = now + wait_after(attempts)
            session.commit()
            return False
        letters.not_located(session, organisation, now)
    _place(session, organisation, (found or engines.comuni().get(organisation.comune)).place, now)
    session.commit()
    return True


def _place(session: Session, organisation: Organisation, place: Place, now: datetime) -> None:
    organisation.lat, organisation.lon = place.point.lat, place.point.lon
    organisation.locate_after = None
    places_changed(session, organisation, actor_id=None, now=now)
    audit.record(session, now=now, actor_id=None, verb="organisation.located", subject=organisation)
    outbox.announce_supplier(session, organisation.id, now)


def _attempts(session: Session, organisation_id: int) -> int:
    """How often it failed since the seat was written or found."""
    of_this = (AuditEvent.subject == Organisation.__tablename__, AuditEvent.subject_id == organisation_id)
    begun = sa.select(sa.func.coalesce(sa.func.max(AuditEvent.id), 0)).where(
        *of_this, AuditEvent.verb == "organisation.seat_unlocated"
    )
    return session.scalar(
        sa.select(sa.func.count())
        .select_from(AuditEvent)
        .where(*of_this, AuditEvent.verb == FAILED, AuditEvent.id > begun.scalar_subquery())
    )
