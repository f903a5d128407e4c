"""Changing many offers at once: all of them or none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from marketplace import audit, outbox
from marketplace.accounts.models import User
from marketplace.catalogue.catalogue_words import CLASHES
from marketplace.catalogue.detail_models import OfferVersion
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.proven_words import proven_words
from marketplace.catalogue.quantity_rules import quantity_problems
from marketplace.catalogue.reserved_check import sentence, texts_of
from marketplace.catalogue.reserved_words import unproven_word
from marketplace.catalogue.versions import keep_versions, loaded_versions, values_by_offer
from marketplace.errors import Conflict, NotFound
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import require_role

#: A cell that was not sent stays as it is.
UNSENT = object()


@dataclass(frozen=True, slots=True)
class RowChange:
    """What becomes of one offer that was shown at ``version``; units as in Offer."""

    version: int
    title: str = UNSENT
    price: int | None = UNSENT
    available: int | None = UNSENT
    months: frozenset[int] = UNSENT
    status: str = UNSENT

    def written(self) -> dict[str, object]:
        names = ("title", "price", "available", "months", "status")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not UNSENT}


@dataclass(frozen=True, slots=True)
class RowsOutcome:
    """Fields that changed, by offer; or problems, by offer and field, and then nothing has changed.

    ``conflicts`` are the offers that somebody else changed meanwhile.
    """

    changed: Mapping[int, list[str]] = field(default_factory=dict)
    problems: Mapping[int, dict[str, str]] = field(default_factory=dict)
    conflicts: frozenset[int] = frozenset()


def change_rows(
    session: Session,
    actor: User,
    organisation: Organisation,
    changes: Mapping[int, RowChange],
    *,
    now: datetime,
) -> RowsOutcome:
    """Change the offers, by id, in one transaction. Raises :class:`NotFound` for an offer of somebody else."""
    require_role(session, actor, organisation.id, at_least=MemberRole.EDITOR)
    organisation_id, actor_id = organisation.id, actor.id
    for _attempt in range(2):
        outcome, offers, loaded = _write_rows(session, organisation_id, changes, now)
        if outcome.problems:
            return outcome
        try:
            session.flush()
        except StaleDataError:
            # somebody saved one of them since it was read: read again, and say which
            session.rollback()
            continue
        session.add_all(loaded)
        keep_versions(session, offers, actor_id=actor_id, at=now)
        for offer in offers:
            audit.record(
                session,
                now=now,
                actor_id=actor_id,
                verb="offer.changed",
                subject=offer,
                fields=outcome.changed[offer.id],
                status=str(offer.status),
            )
        if offers:
            outbox.announce_supplier(session, organisation_id, now)
        session.commit()
        return outcome
    raise Conflict(code="changed_meanwhile")


def _write_rows(
    session: Session, organisation_id: int, changes: Mapping[int, RowChange], now: datetime
) -> tuple[RowsOutcome, list[Offer], list[OfferVersion]]:
    found = {
        offer.id: offer
        for offer in session.scalars(
            sa.select(Offer).where(Offer.organisation_id == organisation_id, Offer.id.in_(changes))
        )
    }
    if len(found) < len(changes):
        raise NotFound
    problems = _problems(session, organisation_id, found, changes, now)
    if problems:
        conflicts = frozenset(id_ for id_ in problems if found[id_].version != changes[id_].version)
        return RowsOutcome(problems=problems, conflicts=conflicts), [], []
    differing = {
        id_: [name for name, value in change.written().items() if getattr(found[id_], name) != value]
        for id_, change in changes.items()
    }
    changed = [found[id_] for id_, fields in differing.items() if fields]
    loaded = loaded_versions(session, changed)
    for offer in changed:
        for name in differing[offer.id]:
            setattr(offer, name, getattr(changes[offer.id], name))
        offer.confirmed_at = offer.updated_at = now
    return RowsOutcome(changed={offer.id: differing[offer.id] for offer in changed}), changed, loaded


def _problems(
    session: Session,
    organisation_id: int,
    offers: Mapping[int, Offer],
    changes: Mapping[int, RowChange],
    now: datetime,
) -> dict[int, dict[str, str]]:
    proven = proven_words(session, organisation_id, now)
    stored = values_by_offer(session, list(offers.values()))
    found: dict[int, dict[str, str]] = {}
    for id_, change in changes.items():
        offer, written = offers[id_], change.written()
        wrong = {}
        if offer.version != change.version:
            wrong["title"] = _("Somebody saved this while you were writing.")
        public = written.get("status", offer.status) == OfferStatus.PUBLISHED
        texts = texts_of(stored[id_]) | ({"title": written["title"]} if "title" in written else {})
        for name, text in texts.items():
            # in a draft, what was written elsewhere may wait until it is published
            if (public or name == "title") and (found_word := unproven_word(text, proven.of(id_))):
                wrong.setdefault("title", sentence(found_word))
        for problem in quantity_problems(
            minimum=offer.minimum, available=written.get("available", offer.available)
        ):
            if "available" in written and written["available"] != offer.available:
                wrong.setdefault(problem.field, str(CLASHES[problem.clash]))
        if wrong:
            found[id_] = wrong
    return found
