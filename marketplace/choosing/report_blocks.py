"""What a report is made of, whatever file it becomes: headings, paragraphs, lists, tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.form_text import several_lines

_BLANKS = re.compile(r"[ \t\n]+")


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of one line."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Items | Table


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    blocks: tuple[Block, ...]


class Writer:
    """Puts blocks one after the other. Text is cleaned of what no XML carries, and parted at its line breaks."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []

    def heading(self, text: str, level: int = 2) -> None:
        self._blocks.append(Heading(level, _flat(text)))

    def paragraph(self, text: str) -> None:
        for line in several_lines(text).split("\n"):
            if line.strip():
                self._blocks.append(Paragraph(line.strip()))

    def items(self, items: Sequence[str]) -> None:
        if items:
            self._blocks.append(Items(tuple(_flat(item) for item in items)))

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        if rows:
            self._blocks.append(
                Table(
                    tuple(_flat(cell) for cell in header),
                    tuple(tuple(_flat(cell) for cell in row) for row in rows),
                )
            )

    def report(self, title: str) -> Report:
        return Report(_flat(title), tuple(self._blocks))


def blank(what: str) -> str:
    """A gap that a person fills: nothing is invented."""
    return f"[da compilare: {what}]"


def _flat(text: str) -> str:
    """On one line; the space between an amount and its sign, which does not break, stays."""
    return _BLANKS.sub(" ", several_lines(text))
