"""A judged dataset, as plain values in the units of the database. ``line`` is where each stands in its file."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """Where something is: ``label`` as people say it, ``comune`` by ISTAT code, ``province`` by sigla."""

    label: str
    comune: str | None
    province: str | None
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    line: int
    key: str
    name: str
    kinds: tuple[str, ...]
    seat: Seat
    legal_form: str = ""
    vat_number: str | None = None
    tax_code: str | None = None
    summary: str = ""
    description: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    qualifications: dict[str, str] = field(default_factory=dict)
    status: str = "active"


@dataclass(frozen=True, slots=True)
class AreaRow:
    line: int
    organisation: str
    kind: str
    radius_m: int | None = None
    lat: float | None = None
    lon: float | None = None
    codes: list[str] | None = None
    polygon: dict | None = None
    minimum_cents: int | None = None
    days: list[int] | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class OfferRow:
    line: int
    key: str
    organisation: str
    title: str
    category: str
    unit: str
    description: str = ""
    price: int | None = None
    vat_treatment: str = "vat_22"
    vat_rate: int = 2200
    box_size: int | None = None
    available: int | None = None
    months: frozenset[int] = frozenset()
    lead_time_days: int | None = None
    areas: list[str] | None = None
    status: str = "published"


@dataclass(frozen=True, slots=True)
class ClaimRow:
    line: int
    organisation: str
    offer: str | None
    criterion: str
    proof: str
    details: dict[str, str]
    link: str = ""
    expires: date | None = None
    verified: datetime | bool = False


@dataclass(frozen=True, slots=True)
class PersonRow:
    line: int
    email: str
    name: str
    organisation: str | None = None
    role: str = "member"
    duty: str | None = None


@dataclass(frozen=True, slots=True)
class LotRow:
    line: int
    demand: str
    position: int
    category: str | None = None
    cpv: str | None = None
    text: str = ""
    quantity: int | None = None
    unit: str | None = None
    budget: int | None = None
    splittable: bool = True


@dataclass(frozen=True, slots=True)
class DemandRow:
    line: int
    key: str
    organisation: str | None
    author: str | None
    type: str
    title: str
    seat: Seat
    mode: str
    description: str = ""
    max_distance_m: int | None = None
    half_life_m: int = 10_000
    proximity_reason: str = ""
    required: list[dict] = field(default_factory=list)
    preferred: list[dict] = field(default_factory=list)
    qualifications: list[str] = field(default_factory=list)
    months: frozenset[int] = frozenset()
    weights: dict[str, float] = field(default_factory=dict)
    budget_with_vat: bool | None = None
    notice_link: str = ""
    published_at: datetime | None = None
    closes_at: datetime | None = None
    lots: tuple[LotRow, ...] = ()

    # named as in the model, so that marketplace.demands.values.matchable reads a row as it reads what is stored
    @property
    def lat(self) -> float:
        return self.seat.lat

    @property
    def lon(self) -> float:
        return self.seat.lon

    @property
    def comune(self) -> str | None:
        return self.seat.comune

    @property
    def province(self) -> str | None:
        return self.seat.province


@dataclass(slots=True)
class Dataset:
    """Everything that a folder holds; only what is free of problems is in it."""

    organisations: list[OrganisationRow] = field(default_factory=list)
    areas: list[AreaRow] = field(default_factory=list)
    offers: list[OfferRow] = field(default_factory=list)
    claims: list[ClaimRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    demands: list[DemandRow] = field(default_factory=list)
