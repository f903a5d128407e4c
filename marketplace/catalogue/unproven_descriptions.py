"""Producers whose words about themselves bear reserved words that nothing they offer proves (any more)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.proven_words import proven_words
from marketplace.catalogue.reserved_words import PIECES, ReservedWord, unproven_word
from marketplace.organisations.models import Kind, Organisation, OrganisationKind, Status


@dataclass(frozen=True, slots=True)
class UnprovenDescription:
    """An organisation, with the first word of its summary or description that nothing proves."""

    organisation: Organisation
    found: ReservedWord


def unproven_descriptions(
    session: Session, now: datetime, organisation_id: int | None = None
) -> Sequence[UnprovenDescription]:
    """Of one organisation, or of all: active producers only. A group that buys organic food may say so."""
    producers = sa.select(OrganisationKind.organisation_id).where(OrganisationKind.kind == Kind.PRODUCER)
    query = (
        sa.select(Organisation)
        .where(
            Organisation.status == Status.ACTIVE,
            Organisation.id.in_(producers),
            sa.or_(
                *(
                    text.ilike(f"%{piece}%")
                    for piece in PIECES
                    for text in (Organisation.summary, Organisation.description)
                )
            ),
        )
        .order_by(Organisation.name, Organisation.id)
    )
    if organisation_id is not None:
        query = query.where(Organisation.id == organisation_id)
    found = []
    for organisation in session.scalars(query):
        text = f"{organisation.summary}\n{organisation.description}"
        if unproven_word(text, ()) is None:
            continue
        if word := unproven_word(text, proven_words(session, organisation.id, now).anywhere()):
            found.append(UnprovenDescription(organisation, word))
    return found
