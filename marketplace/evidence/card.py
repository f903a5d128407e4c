"""The card "Pronto per la PA" as it is read: each line with its date, its validity on the day and its link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import formats
from marketplace.evidence.card_kinds import CARD_KINDS, KIND_ORDER
from marketplace.organisations.evidence_models import PublicRecord
from search.judging import rome_day


@dataclass(frozen=True, slots=True)
class CardLine:
    """``expired`` is judged on the day of reading, in Europe/Rome."""

    id: int
    kind: str
    label: object
    value: str
    issued: date | None
    expires: date | None
    expired: bool
    link: str

    @property
    def issued_in_words(self) -> str:
        return _("of %(day)s", day=formats.day(self.issued)) if self.issued else ""

    @property
    def validity_in_words(self) -> str:
        if self.expires is None:
            return ""
        day = formats.day(self.expires)
        return _("EXPIRED on %(day)s", day=day) if self.expired else _("valid until %(day)s", day=day)


def card_lines(session: Session, organisation_id: int, now: datetime) -> Sequence[CardLine]:
    """The lines of an organisation's card, in the order in which a clerk reads them, the newest first of a kind."""
    today = rome_day(now)
    rows = session.scalars(sa.select(PublicRecord).where(PublicRecord.organisation_id == organisation_id))
    ordered = sorted(
        rows, key=lambda row: (KIND_ORDER.get(row.kind, 99), -(row.issued or date.min).toordinal(), row.id)
    )
    return [
        CardLine(
            row.id,
            row.kind,
            CARD_KINDS[row.kind].label if row.kind in CARD_KINDS else row.kind,
            row.value,
            row.issued,
            row.expires,
            row.expires is not None and row.expires < today,
            row.link,
        )
        for row in ordered
    ]
