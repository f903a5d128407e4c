"""An order on paper, large enough to be read in a barn: all of it by product, then group by group and place by place."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from marketplace import formats
from marketplace.delivery.chat_text import span
from marketplace.form_text import one_line
from marketplace.order_sheets.sheet import Recipient, Sheet, SheetPlace, SheetProduct
from marketplace.organisations.slugs import slugify
from marketplace.paper import Paper

_GREEN = (29, 82, 56)
_PALE = (238, 243, 236)
_LARGE, _BODY, _SMALL = 21, 13, 10.5


def sheet_pdf(sheet: Sheet, lang: str, now: datetime) -> bytes:
    return _Sheet(sheet, lang, now).write()


class _Sheet(Paper):
    def __init__(self, sheet: Sheet, lang: str, now: datetime):
        super().__init__(one_line(sheet.title), lang)
        self._sheet = sheet
        self.set_creation_date(now)
        self.set_margins(15, 15)
        self.set_auto_page_break(True, 18)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-13)
        self.set_font("body", "", 8.5)
        self.cell(0, 5, one_line(self._sheet.title)[:70])
        self.cell(0, 5, f"{self.page_no()}/{{nb}}", align="R")

    def write(self) -> bytes:
        self._head()
        self._by_product()
        for recipient in self._sheet.recipients:
            self._group(recipient)
        return bytes(self.output())

    def _head(self) -> None:
        sheet = self._sheet
        self.set_text_color(*_GREEN)
        self._text(one_line(sheet.title), _LARGE, "B")
        self.set_text_color(0)
        self._text(_("For %(supplier)s", supplier=one_line(sheet.supplier)), _BODY)
        self._text(_("Ordered by %(group)s", group=one_line(sheet.coordinator)), _BODY)
        if sheet.delivery_from is not None:
            self._text(
                _("Delivery: %(when)s", when=span(sheet.delivery_from, sheet.delivery_until)), _BODY, "B"
            )
        self._text(_("Total, VAT included: %(amount)s", amount=formats.money(sheet.amount)), _BODY + 2, "B")
        if sheet.is_estimated:
            self._text(_("What is paid by weight is estimated until it is weighed."), _SMALL)
        self.ln(2)

    def _by_product(self) -> None:
        sheet = self._sheet
        self._heading(_("All together, by product"))
        boxes = [self._boxes(product) for product in sheet.products]
        columns = [
            (_("Product"), 66, [self._title(product) for product in sheet.products]),
            (
                _("Quantity"),
                30,
                [formats.quantity(sheet.quantity(product), product.unit) for product in sheet.products],
            ),
            (_("Boxes"), 26, boxes),
            (_("Price"), 36, [_price(product) for product in sheet.products]),
            (_("Amount"), 32, [formats.money(sheet.goods(product)) for product in sheet.products]),
        ]
        # nothing in boxes: their room goes to the names
        columns = [column for column in columns if column[2] is not boxes or any(boxes)]
        heads, widths, cells = zip(*columns, strict=True)
        self._table(heads, widths, list(zip(*cells, strict=True)))
        if sheet.deposits:
            self._text(_("Deposits: %(amount)s", amount=formats.money(sheet.deposits)), _BODY)

    def _group(self, recipient: Recipient) -> None:
        self.add_page()
        self._heading(one_line(recipient.name), _LARGE - 3)
        self._text(_("The fiscal document is made out to this group."), _SMALL)
        for label, value in (
            (_("Tax code"), recipient.tax_code),
            (_("VAT number"), recipient.vat_number),
            (_("Address"), recipient.address),
        ):
            if value:
                self._text(f"{label}: {one_line(value)}", _BODY)
        self.ln(2)
        own = [product for product in self._sheet.products if product.id in recipient.lines]
        self._table(
            (_("Product"), _("Quantity"), _("Price"), _("Amount")),
            (86, 33, 36, 32),
            [
                (
                    self._title(product),
                    formats.quantity(recipient.lines[product.id].quantity, product.unit),
                    _price(product),
                    formats.money(recipient.lines[product.id].goods),
                )
                for product in own
            ],
        )
        if recipient.deposits:
            self._text(_("Deposits: %(amount)s", amount=formats.money(recipient.deposits)), _BODY)
        self._text(
            _("Total of this group: %(amount)s", amount=formats.money(recipient.amount)), _BODY + 1, "B"
        )
        for part in recipient.vat:
            self._text(
                _(
                    "VAT %(rate)s %%: %(vat)s on %(net)s",
                    rate=f"{part.rate / 100:g}",
                    vat=formats.money(part.vat),
                    net=formats.money(part.net),
                ),
                _SMALL,
            )
        self.ln(3)
        names = {product.id: product for product in own}
        for place in recipient.places:
            self._place(place, names, alone=len(recipient.places) == 1)

    def _place(self, place: SheetPlace, products: Mapping[int, SheetProduct], *, alone: bool) -> None:
        if self.get_y() > self.h - 60:
            self.add_page()
        where = ", ".join(filter(None, (one_line(place.name), one_line(place.address))))
        self._heading(_("Where: %(place)s", place=where) if where else _("No place chosen"))
        if place.starts_at is not None:
            self._text(_("Collected: %(when)s", when=span(place.starts_at, place.ends_at)), _SMALL)
        if alone:
            self._text(_("All of this group's order comes here."), _BODY)
            return
        self._table(
            (_("Product"), _("Quantity")),
            (130, 57),
            [
                (self._title(products[id_]), formats.quantity(place.quantities[id_], products[id_].unit))
                for id_ in products
                if place.quantities.get(id_)
            ],
        )

    def _title(self, product: SheetProduct) -> str:
        # a code that only says the title again helps nobody, and breaks lines amid words
        code = (
            f" ({one_line(product.code)})" if product.code and product.code != slugify(product.title) else ""
        )
        instead = (
            " " + _("(in the place of %(other)s)", other=one_line(product.in_place_of))
            if product.in_place_of
            else ""
        )
        return f"{one_line(product.title)}{code}{instead}"

    def _boxes(self, product: SheetProduct) -> str:
        count = self._sheet.boxes(product)
        if count is None:
            return ""
        return f"{count} × {formats.quantity(product.box_size)}"

    def _table(self, heads: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        self.set_font("body", "", _BODY)
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=tuple(widths),
            text_align=("LEFT", *("RIGHT" for _head in heads[1:])),
            line_height=7,
            padding=1.2,
            cell_fill_color=_PALE,
            cell_fill_mode="ROWS",
            headings_style=FontFace(emphasis="BOLD", color=_GREEN, size_pt=_SMALL),
        ) as table:
            table.row(heads)
            for row in rows:
                table.row(row)
        self.ln(3)

    def _heading(self, text: str, size: float = 15) -> None:
        self.set_text_color(*_GREEN)
        self._text(text, size, "B")
        self.set_text_color(0)

    def _text(self, text: str, size: float, style: str = "") -> None:
        self.set_font("body", style, size)
        self.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT", align="L")
        self.ln(1)


def _price(product: SheetProduct) -> str:
    """For one of the unit that its quantity names; per kilogram where it is paid by weight."""
    return formats.unit_price(product.price) + ("/kg" if product.piece_weight else "")
