"""What suppliers answer: questions before the deadline, and proposals lot by lot and criterion by criterion."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, UTCDateTime
from marketplace.demands.models import Demand
from marketplace.organisations.models import Organisation


class Question(Model):
    """What a supplier asks about a demand; anybody reads question and answer, nobody but the desk who asked.

    ``organisation_id`` is kept so that an asker sees its own; it is never shown to others, the buyer included.
    """

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    demand_id: Mapped[int] = mapped_column(sa.ForeignKey("demand.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    asked_by_id: Mapped[int | None]
    text: Mapped[str] = mapped_column(sa.Text)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by_id: Mapped[int | None]
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Proposal(Model):
    """A supplier's answer to a demand; one per supplier. Its state follows from its moments.

    ``submitted_at`` is when it was handed in (``None``: still being written); ``withdrawn_at`` when taken back. It may
    change until the demand closes, then it is sealed. ``proofs`` is a list of {criterion, proof, details, link,
    expires, claim_id}, frozen from the organisation's claims when it is handed in. ``with_vat`` says how the prices
    of its lines are meant. ``not_chosen_because`` is what its supplier is told with the outcome. ``shows_prices``: whether its leader lets the
    partners of a joint proposal read the leader's prices.
    """

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    demand_id: Mapped[int] = mapped_column(sa.ForeignKey("demand.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None]
    message: Mapped[str] = mapped_column(sa.Text, default="")
    experience: Mapped[str] = mapped_column(sa.Text, default="")
    with_vat: Mapped[bool] = mapped_column(default=False)
    proofs: Mapped[list[dict]] = mapped_column(sa.JSON, default=list)
    shows_prices: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    not_chosen_because: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    demand: Mapped[Demand] = relationship()
    organisation: Mapped[Organisation] = relationship()
    lines: Mapped[list["ProposalLine"]] = relationship(
        cascade="all, delete-orphan", order_by="ProposalLine.id", lazy="selectin"
    )
    partners: Mapped[list["ProposalPartner"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    replies: Mapped[list["PromptReply"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.UniqueConstraint("demand_id", "organisation_id"),)


class ProposalLine(Model):
    """What one supplier brings for one lot.

    ``price`` per unit of the lot in ten-thousandths of a euro (with VAT or not as the proposal says), ``quantity`` in
    thousandths, ``vat_rate`` in hundredths of a percent. ``organisation_id`` is who brings it: in a joint proposal a
    partner. ``available_from`` is a day in Rome.
    """

    __tablename__ = "proposal_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id", ondelete="CASCADE"))
    offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id", ondelete="SET NULL"))
    price: Mapped[int | None] = mapped_column(sa.BigInteger)
    vat_rate: Mapped[int | None]
    quantity: Mapped[int | None] = mapped_column(sa.BigInteger)
    available_from: Mapped[date | None] = mapped_column(sa.Date)
    note: Mapped[str] = mapped_column(sa.String(300), default="")

    __table_args__ = (sa.UniqueConstraint("proposal_id", "lot_id", "organisation_id"),)


class ProposalPartner(Model):
    """Another supplier asked to answer together (proposta congiunta); it counts once it agreed."""

    __tablename__ = "proposal_partner"

    proposal_id: Mapped[int] = mapped_column(
        sa.ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PromptReply(Model):
    """The reply to one prompt of a consultation."""

    __tablename__ = "prompt_reply"

    proposal_id: Mapped[int] = mapped_column(
        sa.ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    prompt_id: Mapped[int] = mapped_column(sa.ForeignKey("prompt.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)
