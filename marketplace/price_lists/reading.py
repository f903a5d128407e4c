"""How one file is read, as somebody confirmed it: what is remembered per supplier and proposed the next time."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace

from marketplace.price_lists.listed import FIELDS, UNIT_WORDS, VAT_WORDS

THOUSANDS, DECIMALS = "thousands", "decimals"
KEEP, WITHDRAW = "keep", "withdraw"
REJECT, REMOVE = "reject", "remove"

#: Texts remembered of one kind; a supplier has dozens.
_MAX_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Reading:
    """``columns`` gives fields by column, ``header`` the place of the row of names (-1: none).

    ``numbers`` says by field what a point before three digits means. ``units``, ``categories`` and ``vats``
    translate free texts (plain, see :func:`~marketplace.price_lists.free_text.plain`) to codes.
    ``vanished`` and ``organic`` say what happens to lines that the file no longer has, and to words that only a
    certified product may bear. An empty ``default_...`` or ``vanished`` has not been answered.
    """

    columns: Mapping[int, str] = field(default_factory=dict)
    header: int = -1
    numbers: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    vats: Mapping[str, str] = field(default_factory=dict)
    default_unit: str = ""
    default_category: str = ""
    default_vat: str = ""
    vat_included: bool = True
    vanished: str = ""
    organic: str = REJECT
    publish: bool = True

    def to_json(self) -> dict:
        return asdict(self) | {"columns": {str(column): name for column, name in self.columns.items()}}

    @classmethod
    def from_json(cls, stored: Mapping) -> "Reading":
        """The reading as it was stored; what is unknown or no longer valid is left at its default."""
        known = {f.name for f in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        columns = values.get("columns") or {}
        values["columns"] = {int(column): name for column, name in columns.items() if name in FIELDS}
        values["units"] = _known(values.get("units"), UNIT_WORDS)
        values["vats"] = _known(values.get("vats"), VAT_WORDS)
        return cls(**values)

    def remembering(self, earlier: "Reading") -> "Reading":
        """This reading with the translations of an earlier one, where this one has none of its own."""
        return replace(
            self,
            units=_joined(earlier.units, self.units),
            categories=_joined(earlier.categories, self.categories),
            vats=_joined(earlier.vats, self.vats),
        )


def _joined(earlier: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    joined = dict(earlier) | dict(now)
    return dict(list(joined.items())[-_MAX_REMEMBERED:])


def _known(stored: Mapping[str, str] | None, codes: Mapping[str, str]) -> dict[str, str]:
    return {text: code for text, code in (stored or {}).items() if code in codes}
