"""What rows of a dataset owe each other: names that exist, names that are used once, rules over several columns."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import TypeVar

from marketplace.district.dataset import layout
from marketplace.district.dataset.demand_rules import demand_problems
from marketplace.district.dataset.layout import Layout
from marketplace.district.dataset.problems import Problem
from marketplace.district.dataset.reference import Reference
from marketplace.district.dataset.rows import (
    AreaRow,
    ClaimRow,
    Dataset,
    DemandRow,
    LotRow,
    OfferRow,
    OrganisationRow,
    PersonRow,
)
from marketplace.district.dataset.tables import Tables
from marketplace.district.dataset.wording import wording_problem
from marketplace.organisations.models import Kind

R = TypeVar("R")


def cross_check(tables: Tables, reference: Reference, problems: list[Problem]) -> Dataset:
    """The dataset out of its tables; every broken reference or rule is added to ``problems``."""
    checks = _CrossChecks(tables, problems)
    lots = checks.lots_by_demand()
    dataset = Dataset(
        organisations=checks.once(
            layout.ORGANISATIONS, tables.organisations, "key", lambda row: row.key.casefold()
        ),
        areas=checks.areas(),
        offers=checks.offers(),
        claims=checks.claims(),
        people=checks.people(),
        demands=[replace(row, lots=tuple(lots.get(row.key, ()))) for row in checks.demands()],
    )
    checks.wording(dataset.offers, dataset.organisations)
    kinds = {row.key: frozenset(row.kinds) for row in dataset.organisations}
    refused_lots = checks.demands_with_refused_lots()
    for demand in dataset.demands:
        if demand.key not in refused_lots:
            problems.extend(demand_problems(demand, kinds, reference))
    return dataset


class _CrossChecks:
    def __init__(self, tables: Tables, problems: list[Problem]):
        self._tables, self._problems = tables, problems
        self._organisations = tables.named(layout.ORGANISATIONS, "key")

    def refuse(self, one: Layout, line: int, column: str, reason: str) -> None:
        self._problems.append(Problem(one.file, line, column, reason))

    def once(self, one: Layout, rows: Iterable[R], column: str, identity: Callable[[R], Hashable]) -> list[R]:
        """The rows whose identity no row above has."""
        first: dict[Hashable, int] = {}
        kept = []
        for row in rows:
            line = first.setdefault(identity(row), row.line)
            if line != row.line:
                self.refuse(one, row.line, column, f"line {line} already says this; every row stands once")
            else:
                kept.append(row)
        return kept

    def of_known_organisations(self, one: Layout, rows: Iterable[R]) -> list[R]:
        """The rows whose organisation, where they name one, is in organisations.csv."""
        kept = []
        for row in rows:
            known = self._organisations is None or (row.organisation,) in self._organisations
            if row.organisation is not None and not known:
                reason = f"organisations.csv has no organisation with the key {row.organisation!r}"
                self.refuse(one, row.line, "organisation", reason)
            else:
                kept.append(row)
        return kept

    def areas(self) -> list[AreaRow]:
        """A key, where an area has one, stands once in its organisation."""
        kept = self.of_known_organisations(layout.AREAS, self._tables.areas)
        return self.once(layout.AREAS, kept, "key", lambda row: (row.organisation, row.key or row.line))

    def offers(self) -> list[OfferRow]:
        areas = self._tables.named(layout.AREAS, "organisation", "key")
        kept = []
        for row in self.of_known_organisations(layout.OFFERS, self._tables.offers):
            named = [(row.organisation, key) for key in row.areas or ()]
            unknown = [] if areas is None else [key for owner, key in named if (owner, key) not in areas]
            for key in unknown:
                reason = f"areas.csv has no area {key!r} of {row.organisation}"
                self.refuse(layout.OFFERS, row.line, "areas", reason)
            if not unknown:
                kept.append(row)
        return self.once(layout.OFFERS, kept, "key", lambda row: (row.organisation, row.key))

    def claims(self) -> list[ClaimRow]:
        offers = self._tables.named(layout.OFFERS, "organisation", "key")
        kept = []
        for row in self.of_known_organisations(layout.CLAIMS, self._tables.claims):
            if row.offer is not None and offers is not None and (row.organisation, row.offer) not in offers:
                reason = f"offers.csv has no offer {row.offer!r} of {row.organisation}"
                self.refuse(layout.CLAIMS, row.line, "offer", reason)
            else:
                kept.append(row)
        return self.once(
            layout.CLAIMS,
            kept,
            "criterion",
            lambda row: (row.organisation, row.offer, row.criterion, row.proof),
        )

    def people(self) -> list[PersonRow]:
        names: dict[str, tuple[str, int]] = {}
        for row in self._tables.people:
            name, line = names.setdefault(row.email.casefold(), (row.name, row.line))
            if name != row.name:
                reason = f"line {line} gives this person another name"
                self.refuse(layout.PEOPLE, row.line, "name", reason)
        kept = self.of_known_organisations(layout.PEOPLE, self._tables.people)
        return self.once(layout.PEOPLE, kept, "email", lambda row: (row.email.casefold(), row.organisation))

    def demands(self) -> list[DemandRow]:
        people = None
        if self._tables.raw[layout.PEOPLE.file].whole:
            people = {
                cells["email"].casefold()
                for cells in (row.cells for row in self._tables.raw[layout.PEOPLE.file].rows)
            }
        for row in self._tables.demands:
            if row.author is not None and people is not None and row.author.casefold() not in people:
                reason = f"people.csv has no person with the address {row.author}"
                self.refuse(layout.DEMANDS, row.line, "author", reason)
        kept = self.of_known_organisations(layout.DEMANDS, self._tables.demands)
        return self.once(layout.DEMANDS, kept, "key", lambda row: row.key)

    def lots_by_demand(self) -> dict[str, list[LotRow]]:
        demands = self._tables.named(layout.DEMANDS, "key")
        by_demand = defaultdict(list)
        for row in self.once(
            layout.LOTS, self._tables.lots, "position", lambda row: (row.demand, row.position)
        ):
            if demands is not None and (row.demand,) not in demands:
                reason = f"demands.csv has no demand with the key {row.demand!r}"
                self.refuse(layout.LOTS, row.line, "demand", reason)
            by_demand[row.demand].append(row)
        return {key: sorted(rows, key=lambda row: row.position) for key, rows in by_demand.items()}

    def demands_with_refused_lots(self) -> frozenset[str]:
        """Demands whose lots are not all known, so that their own rules cannot be judged yet."""
        table = self._tables.raw[layout.LOTS.file]
        if not table.whole:
            return frozenset(row.key for row in self._tables.demands)
        good = {row.line for row in self._tables.lots}
        return frozenset(row.cells.get("demand", "") for row in table.rows if row.line not in good)

    def wording(self, offers: Iterable[OfferRow], organisations: Iterable[OrganisationRow]) -> None:
        """Words that the law keeps for those who can prove them."""
        claimed = defaultdict(set)
        if not self._tables.raw[layout.CLAIMS.file].whole:
            return
        for row in self._tables.raw[layout.CLAIMS.file].rows:
            offer = row.cells.get("offer") or None
            claimed[row.cells["organisation"], offer].add(row.cells["criterion"])
        of_anything = defaultdict(set)
        for (organisation, _offer), criteria in claimed.items():
            of_anything[organisation] |= criteria
        said = [
            (
                layout.OFFERS,
                row,
                "title",
                claimed[row.organisation, None] | claimed[row.organisation, row.key],
            )
            for row in offers
        ] + [
            (layout.ORGANISATIONS, row, "summary", of_anything[row.key])
            for row in organisations
            if Kind.PRODUCER in row.kinds
        ]
        for one, row, first, held in said:
            for column in (first, "description"):
                if reason := wording_problem(getattr(row, column), held):
                    self.refuse(one, row.line, column, reason)
