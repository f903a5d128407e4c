"""Reading the hand-written sources: lines of cells between bars, under headings in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from search.taxonomy import CategoryTree

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Product:
    """One line of food.txt or services.txt: what producers of a trade may offer, in one wording or several."""

    category: str
    code: str
    titles: tuple[str, ...]
    unit: str
    prices: tuple[float, float] | None
    vat: str
    months: str
    box: str
    sentences: tuple[tuple[frozenset[int], str], ...]

    def sentences_for(self, position: int) -> list[str]:
        """What may be said under the title at this position."""
        return [text for positions, text in self.sentences if not positions or position in positions]

    @property
    def words(self) -> str:
        return " ".join((self.code, *self.titles)).casefold()


@dataclass(frozen=True)
class Maker:
    """One line of organisations.txt. ``trades`` are (section, words that choose among its products)."""

    name: str
    kinds: tuple[str, ...]
    trades: tuple[tuple[str, tuple[str, ...]], ...]
    comune: str
    legal_form: str
    marks: frozenset[str]
    summary: str


@dataclass(frozen=True)
class Need:
    """One block of demands.txt."""

    type: str
    key: str
    cells: dict[str, str]
    lots: list[list[str]] = field(default_factory=list)


def _lines(name: str) -> Iterator[tuple[str, str]]:
    """(heading, line) of a source, without comments and blank lines."""
    heading = ""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            heading = line.strip("[] ")
        else:
            yield heading, line


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _variants(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("~") if part.strip())


def _sentence(text: str) -> tuple[frozenset[int], str]:
    """``1,3=text`` is about the first and the third title."""
    found = re.match(r"([1-9](?:,[1-9])*)=(.*)", text)
    if not found:
        return frozenset(), text
    return frozenset(int(number) - 1 for number in found[1].split(",")), found[2].strip()


def products(tree: CategoryTree) -> dict[str, list[Product]]:
    """The products of every trade; `code` is what the category's words mean."""
    by_trade: dict[str, list[Product]] = {}
    for name in ("food.txt", "services.txt"):
        for trade, line in _lines(name):
            category, titles, unit, prices, vat, months, box, sentences = _cells(line)
            span = tuple(float(price) for price in prices.split("-")) if prices else None
            product = Product(
                category,
                tree.resolve(category),
                _variants(titles),
                unit,
                span,
                vat,
                months,
                box,
                tuple(_sentence(text) for text in _variants(sentences)),
            )
            by_trade.setdefault(trade, []).append(product)
    return by_trade


def makers() -> list[Maker]:
    """Every organisation, in the order of the file."""
    found = []
    for heading, line in _lines("organisations.txt"):
        name, trades, comune, legal_form, marks, summary = _cells(line)
        found.append(
            Maker(
                name=name,
                kinds=tuple(kind for kind in heading.split() if kind != "far"),
                trades=tuple(_trade(trade) for trade in trades.split()),
                comune=comune,
                legal_form=legal_form,
                marks=frozenset(marks.split()) | ({"far"} if "far" in heading.split() else set()),
                summary=summary,
            )
        )
    return found


def _trade(text: str) -> tuple[str, tuple[str, ...]]:
    section, _, words = text.partition(":")
    return section, tuple(word for word in words.split(",") if word)


def notes() -> dict[str, list[str]]:
    """Closing sentences of every trade."""
    by_trade: dict[str, list[str]] = {}
    for trade, line in _lines("notes.txt"):
        by_trade.setdefault(trade, []).append(line.strip())
    return by_trade


def needs() -> list[Need]:
    """Every demand with its lots."""
    found: dict[str, Need] = {}
    for heading, line in _lines("demands.txt"):
        type_, key = heading.split()
        need = found.setdefault(key, Need(type_, key, {}))
        name, _, value = line.partition(":")
        if name == "lot":
            need.lots.append(_cells(value))
        else:
            need.cells[name] = value.strip()
    return list(found.values())
