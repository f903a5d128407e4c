"""A place's list on paper in large type, with boxes to tick: all on one list, or a sheet for each household."""

from datetime import datetime
from math import ceil

from flask_babel import gettext as _
from fpdf.enums import XPos, YPos

from marketplace.delivery.chat_text import span, when
from marketplace.delivery.queries import HouseholdRow, LineRow, PlaceList
from marketplace.form_text import one_line
from marketplace.formats import moment, money, quantity
from marketplace.orders.models import OrderCycle
from marketplace.paper import Paper

_BOX = 5.5
_LINE = 8.0


def list_pdf(cycle: OrderCycle, listed: PlaceList, lang: str, *, sheets: bool, at: datetime) -> bytes:
    """In the language of the reader. Notes are never on paper: it lies on a table."""
    return _Sheet(cycle, listed, lang, at).write(sheets)


class _Sheet(Paper):
    def __init__(self, cycle: OrderCycle, listed: PlaceList, lang: str, at: datetime):
        super().__init__(f"{one_line(cycle.title)}, {one_line(listed.place.name)}", lang)
        self._cycle, self._list, self._at = cycle, listed, at
        self.set_creation_date(at)
        self.set_margins(16, 14)
        self.set_auto_page_break(True, 18)

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("body", "", 8)
        self.cell(0, 4, _("As it was on %(moment)s", moment=moment(self._at)))
        self.cell(0, 4, f"{self.page_no()}/{{nb}}", align="R")

    def write(self, sheets: bool) -> bytes:
        if sheets:
            for row in self._list.rows:
                self.add_page()
                self._head()
                self._household(row)
        if not sheets or not self._list.rows:
            self.add_page()
            self._head()
            self._unloading()
            for row in self._list.rows:
                self._household(row)
        return bytes(self.output())

    def _head(self) -> None:
        listed = self._list
        self._text(one_line(self._cycle.title), 17, "B")
        self._text(", ".join(one_line(p) for p in (listed.place.name, listed.place.address) if p), 14, "B")
        if told := when(self._cycle, listed):
            self._text(told, 12)
        for shift, name in listed.shifts:
            if name:
                self._text(
                    _(
                        "On shift: %(name)s, %(when)s",
                        name=one_line(name),
                        when=span(shift.starts_at, shift.ends_at),
                    ),
                    11,
                )
        self.ln(3)

    def _unloading(self) -> None:
        self._text(_("To unload"), 14, "B")
        for one in self._list.products:
            grams = quantity(one.grams, "kg")
            weight = ""
            if one.grams:
                weight = f" ({_('about %(weight)s', weight=grams) if one.is_estimated else grams})"
            self._ticked(
                quantity(one.quantity, one.product.unit) + weight,
                _name(one.product),
                _("for %(number)s", number=one.households),
            )
        self.ln(4)

    def _household(self, row: HouseholdRow) -> None:
        # a household that fits on a page is not parted
        if self.get_y() + min(self._height(row), self.h - 60) > self.h - 18:
            self.add_page()
        self.set_draw_color(90)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(2)
        self._text(one_line(row.household.name), 15, "B")
        for line in row.lines:
            self._ticked(self._amount(line), _name(line.product), self._cents(line.line.goods))
            if line.line.deposits and self._list.shows_money:
                self._plain(_("deposits"), self._cents(line.line.deposits))
        if self._list.shows_money:
            for label, cents in row.costs:
                self._plain(one_line(label), money(cents))
            about = f" ({_('still to be weighed')})" if row.is_estimated else ""
            self._plain(_("Total") + about, money(row.total.amount), "B")
        self.set_font("body", "", 12)
        self._box(row.basket.collected_at is not None)
        self.cell(45, _LINE, _("collected"))
        if self._list.pays_here:
            self._box(row.basket.paid is not None)
            self.cell(45, _LINE, _("paid"))
        self.ln(_LINE + 3)

    def _height(self, row: HouseholdRow) -> float:
        """Millimetres that a household takes, where need be a little more than it does."""
        self.set_font("body", "B", 12)
        rows = 2 + len(row.costs) * self._list.shows_money
        for line in row.lines:
            left = self._left(self._wide(self._amount(line)))
            # what is left of a line by a long word that wraps
            rows += ceil(1.15 * self.get_string_width(_name(line.product)) / left) + bool(line.line.deposits)
        return 18 + _LINE * rows

    def _wide(self, amount: str) -> float:
        self.set_font("body", "B", 12)
        # names stand below each other; where something is weighed there is room to write how much
        weighed = any(one.product.piece_weight for one in self._list.products)
        return max(46.0 if weighed else 38.0, self.get_string_width(amount) + 4)

    def _left(self, wide: float) -> float:
        return self.epw - _BOX - 3 - wide - 32

    def _amount(self, line: LineRow) -> str:
        text = quantity(line.line.quantity, line.product.unit)
        if line.product.piece_weight:
            text += " " + ("______ kg" if line.line.weight is None else quantity(line.line.weight, "kg"))
        return text

    def _cents(self, cents: int) -> str:
        return money(cents) if self._list.shows_money else ""

    def _ticked(self, amount: str, name: str, end: str) -> None:
        if self.get_y() + _LINE > self.h - 18:
            self.add_page()
        self._box(False)
        self.set_font("body", "B", 12)
        wide = self._wide(amount)
        self.cell(wide, _LINE, amount)
        self.set_font("body", "", 12)
        left = self._left(wide)
        top = self.get_y()
        x = self.get_x()
        self.multi_cell(left, _LINE, name, new_x=XPos.RIGHT, new_y=YPos.LAST, align="L")
        bottom = self.get_y() + _LINE
        self.set_xy(x + left, top)
        self.cell(32, _LINE, end, align="R")
        self.set_xy(self.l_margin, max(bottom, top + _LINE))

    def _plain(self, label: str, end: str, style: str = "") -> None:
        self.set_font("body", style, 12)
        self.set_x(self.l_margin + _BOX + 3)
        self.cell(self.epw - _BOX - 3 - 36, _LINE, label)
        self.cell(36, _LINE, end, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _box(self, filled: bool) -> None:
        x, y = self.get_x(), self.get_y()
        self.set_draw_color(0)
        self.rect(x, y + (_LINE - _BOX) / 2, _BOX, _BOX)
        if filled:
            self.set_font("body", "B", 12)
            self.cell(_BOX, _LINE, "✓", align="C")
            self.set_font("body", "", 12)
        self.set_xy(x + _BOX + 3, y)

    def _text(self, text: str, size: float, style: str = "") -> None:
        self.set_font("body", style, size)
        self.multi_cell(0, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
        self.ln(1)


def _name(product) -> str:
    return ", ".join(one_line(part) for part in (product.title, product.variant) if part)
