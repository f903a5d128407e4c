"""One line of a price list as plain values, and the cells in which every export writes it.

What an export writes is also what an import compares first: a cell that says what the catalogue already says is
no change, whatever the words for units, categories and VAT may mean elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from marketplace.plain_decimals import write_decimal

PRICE_DECIMALS, QUANTITY_DECIMALS = 4, 3

#: Fields of a line in the order in which files carry them.
FIELDS = (
    "key", "title", "description", "category", "unit", "price", "vat", "box_size", "minimum", "multiple",
    "maximum_per_member", "available", "months", "lead_time_days", "active",
)  # fmt: skip
QUANTITIES = ("box_size", "minimum", "multiple", "maximum_per_member", "available")

#: Words of files, which are Italian whoever exports them, so that one file is read alike everywhere.
UNIT_WORDS: Mapping[str, str] = {
    "kg": "kg", "l": "litro", "piece": "pezzo", "pack": "confezione", "jar": "vasetto", "bottle": "bottiglia",
    "box": "cassa", "bunch": "mazzo", "dozen": "dozzina", "meal": "pasto", "hour": "ora", "day": "giorno",
    "month": "mese", "person": "persona", "m2": "m²", "m3": "m³", "km": "km", "kwh": "kWh",
    "service": "servizio", "course": "corso", "ticket": "biglietto",
}  # fmt: skip
VAT_WORDS: Mapping[str, str] = {
    "vat_4": "4%", "vat_5": "5%", "vat_10": "10%", "vat_22": "22%", "exempt_10": "esente art. 10",
    "flat_rate": "regime forfettario", "farm_exempt": "esonero art. 34 c. 6", "out_of_scope": "non soggetto",
}  # fmt: skip
VAT_RATES: Mapping[str, int] = {
    "vat_4": 400, "vat_5": 500, "vat_10": 1000, "vat_22": 2200, "exempt_10": 0, "flat_rate": 0,
    "farm_exempt": 0, "out_of_scope": 0,
}  # fmt: skip
MONTH_WORDS = ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic")
#: The code of a line that has none of its own.
OWN_CODE = "inc-"

LabelOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Listed:
    """Units as in :class:`marketplace.catalogue.models.Offer`; ``status`` as there (of a private list: active or not).

    ``proven`` are the criteria, in order, whose reserved words this line may bear for itself. ``beside`` is
    what people read of a line that is not on sale and no file carries: ingredients, and the names of variants.
    """

    id: int
    key: str | None
    title: str
    description: str = ""
    category: str | None = None
    unit: str = "kg"
    price: int | None = None
    vat_treatment: str = "vat_22"
    box_size: int | None = None
    minimum: int | None = None
    multiple: int | None = None
    maximum_per_member: int | None = None
    available: int | None = None
    months: frozenset[int] = frozenset()
    lead_time_days: int | None = None
    status: str = "published"
    proven: tuple[str, ...] = ()
    beside: str = ""

    @property
    def active(self) -> bool:
        return self.status == "published"

    @property
    def code(self) -> str:
        """Its key, or a name made of its id, so that two lines of one title stay apart."""
        return self.key or f"{OWN_CODE}{self.id}"


def cells(line: Listed, label_of: LabelOf) -> dict[str, str]:
    """The line as text by field, with a decimal comma; ``label_of`` names a category."""
    texts = {
        "key": line.code,
        "title": line.title,
        "description": line.description,
        "category": label_of(line.category) if line.category else "",
        "unit": UNIT_WORDS.get(line.unit, line.unit),
        "price": decimal(line.price, PRICE_DECIMALS),
        "vat": VAT_WORDS[line.vat_treatment],
        "months": " ".join(MONTH_WORDS[month - 1] for month in sorted(line.months)),
        "lead_time_days": "" if line.lead_time_days is None else str(line.lead_time_days),
        "active": "sì" if line.active else "no",
    }
    return texts | {name: decimal(getattr(line, name), QUANTITY_DECIMALS) for name in QUANTITIES}


def decimal(count: int | None, decimals: int) -> str:
    return "" if count is None else write_decimal(count, decimals)
