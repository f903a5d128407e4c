"""Answers side by side: lots by suppliers, amounts with and without VAT, what is covered in part. Pure.

An amount is rounded once per line, from quantity times unit price; totals are sums of lines, so that they are the same
wherever they are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from marketplace.choosing.joint_scores import JointScore
from marketplace.money import (
    line_total,
    line_total_with_vat,
    line_total_without_vat,
    with_vat,
    without_vat,
)
from marketplace.proposals.queries import LineRow, ProposalRow
from search.answer import Match, NearMiss
from search.constants import SCORE_DECIMALS


@dataclass(frozen=True, slots=True)
class AskedLot:
    """A lot of the demand: ``quantity`` in thousandths of ``unit``, ``None`` where none is asked."""

    id: int
    name: str
    quantity: int | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line: unit prices in ten-thousandths of a euro, amounts in cents; ``None`` where they are not known."""

    line: LineRow
    quantity: int | None
    price_net: int | None
    price_gross: int | None
    net: int | None
    gross: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What one supplier answers to one lot. ``covers``: ``none``, ``part`` or ``whole``."""

    lot: AskedLot
    lines: tuple[PricedLine, ...]
    covers: str
    offered: int | None
    lowest: bool = False

    @property
    def net(self) -> int | None:
        return _sum(line.net for line in self.lines)

    @property
    def gross(self) -> int | None:
        return _sum(line.gross for line in self.lines)


@dataclass(frozen=True, slots=True)
class Part:
    """What one of those who answer brings, and how it suits the request where it does.

    ``net`` and ``gross`` as of a :class:`Column`; of a joint answer each partner has its own: nobody vouches for another.
    ``match`` and ``near_miss`` are those of the whole request; what it adds to a joint answer stands in
    :attr:`Column.joint`.
    """

    organisation_id: int
    slug: str
    name: str
    lots: tuple[AskedLot, ...]
    net: int | None
    gross: int | None
    match: Match | None
    near_miss: NearMiss | None


@dataclass(frozen=True, slots=True)
class Column:
    """One answer: ``parts`` of who leads it first, then of the partners who agreed; ``joint`` where it has partners."""

    proposal: ProposalRow
    cells: tuple[Cell, ...]
    parts: tuple[Part, ...]
    joint: JointScore | None = None

    @property
    def is_joint(self) -> bool:
        return len(self.parts) > 1

    @property
    def score(self) -> float | None:
        """Of all who answer together, or of who answers alone; ``None`` where something required is lacking."""
        if self.joint is not None:
            return self.joint.score
        match = self.parts[0].match
        return match.score if match is not None else None

    @property
    def net(self) -> int | None:
        """The total without VAT of what is answered; ``None`` while an amount is missing."""
        return _sum(cell.net for cell in self.cells if cell.lines)

    @property
    def gross(self) -> int | None:
        """The total with VAT: what has to be committed (spesa da impegnare)."""
        return _sum(cell.gross for cell in self.cells if cell.lines)

    @property
    def is_whole(self) -> bool:
        return all(cell.covers == "whole" for cell in self.cells)

    @property
    def covered(self) -> int:
        return sum(cell.covers != "none" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Comparison:
    lots: tuple[AskedLot, ...]
    columns: tuple[Column, ...]


def compare(
    lots: Sequence[AskedLot],
    proposals: Sequence[ProposalRow],
    *,
    compare_with_vat: bool,
    matches: Mapping[int, Match],
    near_misses: Mapping[int, NearMiss],
    joints: Mapping[int, JointScore] = MappingProxyType({}),
) -> Comparison:
    """The table, the best suited first, then by name.

    ``matches`` and ``near_misses`` by supplier id, ``joints`` by the id of the proposal.

    The lowest price per unit for a whole lot is marked, with VAT for communities and without for public bodies, where
    at least two can be compared.
    """
    table = {
        proposal.id: [_cell(lot, proposal.lines.get(lot.id, ()), proposal.with_vat) for lot in lots]
        for proposal in proposals
    }
    for position in range(len(lots)):
        row = [cells[position] for cells in table.values()]
        prices = [price for cell in row if (price := _comparable(cell, compare_with_vat)) is not None]
        if len(prices) > 1:
            for cells in table.values():
                if _comparable(cells[position], compare_with_vat) == min(prices):
                    cell = cells[position]
                    cells[position] = Cell(cell.lot, cell.lines, cell.covers, cell.offered, lowest=True)
    columns = [
        Column(
            proposal,
            tuple(table[proposal.id]),
            tuple(
                _part(id_, slug, name, table[proposal.id], matches.get(id_), near_misses.get(id_))
                for id_, slug, name in answering(proposal)
            ),
            joints.get(proposal.id),
        )
        for proposal in proposals
    ]
    return Comparison(tuple(lots), tuple(sorted(columns, key=_order)))


def answering(proposal: ProposalRow) -> list[tuple[int, str, str]]:
    """Id, slug and name of who leads, then of the partners who agreed."""
    agreed = [(one.organisation_id, one.slug, one.name) for one in proposal.partners if one.agreed]
    return [(proposal.organisation_id, proposal.slug, proposal.name), *agreed]


def _part(
    id_: int,
    slug: str,
    name: str,
    cells: Sequence[Cell],
    match: Match | None,
    near_miss: NearMiss | None,
) -> Part:
    own = [(cell.lot, line) for cell in cells for line in cell.lines if line.line.organisation_id == id_]
    return Part(
        id_,
        slug,
        name,
        tuple(dict.fromkeys(lot for lot, _line in own)),
        _sum(line.net for _lot, line in own),
        _sum(line.gross for _lot, line in own),
        match,
        near_miss,
    )


def _order(column: Column) -> tuple:
    score = -1.0 if column.score is None else round(column.score, SCORE_DECIMALS)
    return (-score, column.proposal.name, column.proposal.id)


def _cell(lot: AskedLot, lines: Sequence[LineRow], prices_with_vat: bool) -> Cell:
    alone = len(lines) == 1
    priced = tuple(_priced(line, lot, alone, prices_with_vat) for line in lines)
    if not lines:
        return Cell(lot, (), "none", None)
    offered = _sum(line.quantity for line in priced)
    whole = lot.quantity is None or offered is None or offered >= lot.quantity
    return Cell(lot, priced, "whole" if whole else "part", offered)


def _priced(line: LineRow, lot: AskedLot, alone: bool, prices_with_vat: bool) -> PricedLine:
    # who answers alone and names no quantity means all of it; of several nobody knows who brings how much
    quantity = line.quantity if line.quantity is not None or not alone else lot.quantity
    price, rate = line.price, line.vat_rate
    if price is None:
        return PricedLine(line, quantity, None, None, None, None)
    net = gross = price_net = price_gross = None
    if prices_with_vat:
        price_gross = price
        price_net = without_vat(price, rate) if rate is not None else None
    else:
        price_net = price
        price_gross = with_vat(price, rate) if rate is not None else None
    if quantity is not None:
        own = line_total(quantity, price)
        other = None
        if rate is not None:
            turned = line_total_without_vat if prices_with_vat else line_total_with_vat
            other = turned(quantity, price, rate)
        net, gross = (other, own) if prices_with_vat else (own, other)
    return PricedLine(line, quantity, price_net, price_gross, net, gross)


def _comparable(cell: Cell, compare_with_vat: bool) -> int | None:
    """The unit price of a lot that one line covers whole."""
    if cell.covers != "whole" or len(cell.lines) != 1:
        return None
    return cell.lines[0].price_gross if compare_with_vat else cell.lines[0].price_net


def _sum(numbers) -> int | None:
    """The sum, ``None`` where there is nothing or something unknown."""
    known = list(numbers)
    return None if not known or any(number is None for number in known) else sum(known)
