"""The files of a dataset and their columns (docs/dataset.md says what each holds)."""

from dataclasses import dataclass

from search.proof_fields import PROOF_FIELDS

#: Rows of one file; a whole region has fewer organisations and offers.
MAX_ROWS = 100_000
#: Size of one file, before anything of it is read.
MAX_BYTES = 64 * 1024 * 1024
#: Columns of one header; the widest file of the layout has about thirty.
MAX_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class Layout:
    """One file: the columns that must be in its header, and those that may."""

    file: str
    needed: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(self.needed + self.optional)


#: What a claim carries with its proof; its last valid day has a column of its own for every proof, ``expires``.
CARRIED = tuple(field for field in PROOF_FIELDS if field != "expiry")

ORGANISATIONS = Layout(
    "organisations.csv",
    ("key", "name", "kinds", "place"),
    (
        "legal_form",
        "vat_number",
        "tax_code",
        "summary",
        "description",
        "address",
        "lat",
        "lon",
        "email",
        "phone",
        "website",
        "qualifications",
        "status",
    ),
)
AREAS = Layout(
    "areas.csv",
    ("organisation", "kind"),
    ("key", "radius_km", "around", "comuni", "province", "polygon", "minimum", "days"),
)
OFFERS = Layout(
    "offers.csv",
    ("key", "organisation", "title", "category", "unit"),
    ("description", "price", "vat", "box", "available", "months", "lead_time_days", "areas", "status"),
)
CLAIMS = Layout(
    "claims.csv",
    ("organisation", "criterion", "proof"),
    ("offer", "expires", "verified", *CARRIED),
)
PEOPLE = Layout("people.csv", ("email", "name"), ("organisation", "role", "duty"))
DEMANDS = Layout(
    "demands.csv",
    ("key", "type", "title", "place", "mode"),
    (
        "organisation",
        "author",
        "description",
        "max_distance_km",
        "half_life_km",
        "proximity_reason",
        "required",
        "preferred",
        "qualifications",
        "months",
        "weights",
        "budget_with_vat",
        "notice_link",
        "published",
        "closes",
    ),
)
LOTS = Layout(
    "lots.csv",
    ("demand", "position"),
    ("category", "cpv", "text", "quantity", "unit", "budget", "splittable"),
)

#: In the order in which they refer to each other.
LAYOUTS = (ORGANISATIONS, AREAS, OFFERS, CLAIMS, PEOPLE, DEMANDS, LOTS)
