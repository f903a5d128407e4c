"""What stands behind claims: documents, who checked what, warnings of expiry, and the card for public bodies."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, UTCDateTime


class CheckVerdict(StrEnum):
    VERIFIED = "verified"
    REJECTED = "rejected"


class Document(Model):
    """A PDF or picture that an organisation keeps here, private to it, its verifiers and whom it allows.

    ``stored_as`` names the file in the instance's ``uploads`` folder; ``sha256`` is of its content.
    """

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(sa.String(160))
    file_name: Mapped[str] = mapped_column(sa.String(160))
    media_type: Mapped[str] = mapped_column(sa.String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    stored_as: Mapped[str] = mapped_column(sa.String(80))
    uploaded_by_id: Mapped[int | None]
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class DocumentGrant(Model):
    """An organisation that may read another's document."""

    __tablename__ = "document_grant"

    document_id: Mapped[int] = mapped_column(
        sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True
    )
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ClaimCheck(Model):
    """Somebody looked at a claim: the desk, or a network on its behalf (``network_id``)."""

    __tablename__ = "claim_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    network_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id", ondelete="SET NULL"))
    verdict: Mapped[str] = mapped_column(sa.String(10))
    note: Mapped[str] = mapped_column(sa.Text, default="")


class ExpiryNotice(Model):
    """The organisation was warned, so many days before, that a claim expires on that day: once."""

    __tablename__ = "expiry_notice"

    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id", ondelete="CASCADE"), primary_key=True)
    expires: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    days_before: Mapped[int] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PublicRecord(Model):
    """One line of the card "Pronto per la PA": enrolment, contract, register, each with date and link.

    ``kind``: mepa, sintel, ateco, ccnl, albo, runts, white_list, durc, pec, contract.
    """

    __tablename__ = "public_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(12))
    value: Mapped[str] = mapped_column(sa.String(300))
    issued: Mapped[date | None] = mapped_column(sa.Date)
    expires: Mapped[date | None] = mapped_column(sa.Date)
    link: Mapped[str] = mapped_column(sa.String(255), default="")
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
