"""Organisations, who belongs to them, where they deliver, and what they claim."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, UTCDateTime


class Kind(StrEnum):
    PRODUCER = "producer"
    BUYING_GROUP = "buying_group"
    CONSUMER_COOP = "consumer_coop"
    CATERER = "caterer"
    LOCAL_AUTHORITY = "local_authority"
    SCHOOL = "school"
    INTER_MUNICIPAL = "inter_municipal"
    NETWORK = "network"


#: Kinds bound by public law: their demands take the profile ``public`` (MATCHING).
PUBLIC_KINDS = frozenset({Kind.LOCAL_AUTHORITY, Kind.SCHOOL, Kind.INTER_MUNICIPAL})


class Status(StrEnum):
    APPLICANT = "applicant"
    ACTIVE = "active"
    ENROLLED = "enrolled"  # a person who joined for themselves: approved, and never public
    SUSPENDED = "suspended"
    REFUSED = "refused"


class MemberRole(StrEnum):
    OWNER = "owner"
    EDITOR = "editor"
    MEMBER = "member"


class AreaKind(StrEnum):
    RADIUS = "radius"
    COMUNI = "comuni"
    PROVINCE = "province"
    POLYGON = "polygon"


class Organisation(Model):
    """Any member or buyer. Public, indexed and matched only while its status is active.

    ``comune`` is an ISTAT code; ``lat`` and ``lon`` the seat (WGS84), both
    ``None`` until it is placed; ``locate_after`` is when the address is looked up again where the geocoder
    did not answer. ``demo`` marks demonstration data.
    ``submitted_at`` is when the applicant handed it in: until then it is a draft
    that can be left and resumed. ``charter_version`` is the text of the district's
    charter that was accepted. ``key`` is the name by which a dataset file knows it (loading again finds it).
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    key: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    legal_form: Mapped[str] = mapped_column(sa.String(40), default="")
    vat_number: Mapped[str | None] = mapped_column(sa.String(20))
    tax_code: Mapped[str | None] = mapped_column(sa.String(20))
    summary: Mapped[str] = mapped_column(sa.String(300), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    comune: Mapped[str | None] = mapped_column(sa.String(6), index=True)
    province: Mapped[str | None] = mapped_column(sa.String(2))
    address: Mapped[str] = mapped_column(sa.String(160), default="")
    lat: Mapped[float | None] = mapped_column(sa.Float)
    lon: Mapped[float | None] = mapped_column(sa.Float)
    locate_after: Mapped[datetime | None] = mapped_column(UTCDateTime)
    email: Mapped[str] = mapped_column(sa.String(255), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    website: Mapped[str] = mapped_column(sa.String(255), default="")
    pec: Mapped[str] = mapped_column(sa.String(255), default="")
    charter_version: Mapped[str | None] = mapped_column(sa.String(20))
    charter_accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    not_a_duplicate_because: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[str] = mapped_column(sa.String(12), default=Status.APPLICANT, index=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    kinds: Mapped[list["OrganisationKind"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    qualifications: Mapped[list["Qualification"]] = relationship(cascade="all, delete-orphan")
    areas: Mapped[list["DeliveryArea"]] = relationship(
        cascade="all, delete-orphan", order_by="DeliveryArea.id"
    )
    claims: Mapped[list["Claim"]] = relationship(
        cascade="all, delete-orphan",
        primaryjoin="and_(Claim.organisation_id == Organisation.id, Claim.offer_id.is_(None))",
        order_by="Claim.id",
    )
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan"
    )

    __table_args__ = (
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="placed"),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name="lon"),
    )

    @property
    def kind_codes(self) -> frozenset[str]:
        return frozenset(row.kind for row in self.kinds)

    @property
    def is_public_body(self) -> bool:
        return bool(self.kind_codes & PUBLIC_KINDS)


class OrganisationKind(Model):
    __tablename__ = "organisation_kind"

    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True, index=True)


class Qualification(Model):
    """What law attaches consequences to: ``albo_b``, ``art61``, ``runts``, ``sme`` (data/qualifications)."""

    __tablename__ = "qualification"

    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    link: Mapped[str] = mapped_column(sa.String(255), default="")


class Membership(Model):
    """A person in an organisation, with a role."""

    __tablename__ = "membership"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(sa.String(8), default=MemberRole.MEMBER)
    since: Mapped[datetime] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship(back_populates="memberships")


class DeliveryArea(Model):
    """Where an organisation delivers or works.

    By ``kind``: ``radius`` uses ``radius_m`` around ``lat``/``lon`` or the seat;
    ``comuni`` uses ``codes`` (ISTAT); ``province`` uses ``codes`` (one sigla or more);
    ``polygon`` uses ``polygon`` (GeoJSON geometry, WGS84). ``minimum_cents`` and
    ``days`` (ISO weekdays) are shown and play no part in ranking.
    """

    __tablename__ = "delivery_area"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(8))
    radius_m: Mapped[int | None]
    lat: Mapped[float | None] = mapped_column(sa.Float)
    lon: Mapped[float | None] = mapped_column(sa.Float)
    codes: Mapped[list[str] | None] = mapped_column(sa.JSON)
    polygon: Mapped[dict | None] = mapped_column(sa.JSON)
    minimum_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    days: Mapped[list[int] | None] = mapped_column(sa.JSON)


class Claim(Model):
    """An organisation, or one of its offers, meets a criterion, with a proof.

    ``details`` carry what the proof must carry (data/criteria.csv): a register
    and number, a control body and operator code, who visited. ``expires`` is
    the last valid day in Europe/Rome. ``verified_at`` is set once somebody
    checked it; until then it counts as declared.
    """

    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    criterion: Mapped[str] = mapped_column(sa.String(40))
    proof: Mapped[str] = mapped_column(sa.String(12))
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id", ondelete="SET NULL"))
    details: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    link: Mapped[str] = mapped_column(sa.String(255), default="")
    expires: Mapped[date | None] = mapped_column(sa.Date)
    verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
