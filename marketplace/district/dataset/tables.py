"""All rows that were good by themselves, before they are held against each other."""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.district.dataset.layout import Layout
from marketplace.district.dataset.reading import Table
from marketplace.district.dataset.rows import (
    AreaRow,
    ClaimRow,
    DemandRow,
    LotRow,
    OfferRow,
    OrganisationRow,
    PersonRow,
)


@dataclass(frozen=True, slots=True)
class Tables:
    """``raw`` holds the text of every file by name, also of rows that were refused."""

    organisations: list[OrganisationRow]
    areas: list[AreaRow]
    offers: list[OfferRow]
    claims: list[ClaimRow]
    people: list[PersonRow]
    demands: list[DemandRow]
    lots: list[LotRow]
    raw: Mapping[str, Table]

    def named(self, layout: Layout, *columns: str) -> frozenset[tuple[str, ...]] | None:
        """The names that a file gives, refused rows included, so that one bad row is not blamed on all that name it.

        None where the file could not be read to its end: then nobody can tell whether a name is missing.
        """
        table = self.raw[layout.file]
        if not table.whole:
            return None
        return frozenset(tuple(row.cells.get(column, "") for column in columns) for row in table.rows)
