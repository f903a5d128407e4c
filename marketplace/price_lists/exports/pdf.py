"""A price list to print and hang up: name, unit, price, and a QR code to the public page."""

import io
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import segno
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from marketplace import formats, words
from marketplace.form_text import one_line
from marketplace.i18n import speaking
from marketplace.paper import Paper
from marketplace.price_lists.listed import VAT_WORDS, LabelOf, Listed

_GREEN = (29, 82, 56)
_QR_MM = 26
#: Rows of a printed list; a longer one is a catalogue, and paper is patient but not endless.
MAX_LINES = 1000


def pdf_file(heading, lines: Sequence[Listed], label_of: LabelOf, now: datetime) -> bytes:
    """In Italian, as the rest of a printed list; prices with VAT, to the last decimal that they have."""
    with speaking("it"):
        return bytes(_Page(heading, now).write(lines[:MAX_LINES], label_of, len(lines)))


class _Page(Paper):
    def __init__(self, heading, now: datetime):
        super().__init__(one_line(heading.title), "it")
        self._heading, self._now = heading, now
        self.set_creation_date(now)
        self.set_margins(15, 14, 15)
        self.set_auto_page_break(True, 16)
        self.set_font("body", size=9)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("body", size=7.5)
        self.set_text_color(90)
        left = f"Listino del {formats.day(self._now)}. Prezzi IVA inclusa."
        self.cell(0, 5, left)
        self.cell(0, 5, f"{self.page_no()}/{{nb}}", align="R")

    def write(self, lines: Sequence[Listed], label_of: LabelOf, total: int) -> bytearray:
        self._head()
        if not lines:
            self.multi_cell(0, 6, "In questo momento il listino è vuoto.", new_x="LMARGIN", new_y="NEXT")
        for category, group in groupby(lines, key=lambda line: line.category):
            self._group(label_of(category) if category else "Altri prodotti", list(group))
        if total > len(lines):
            self.multi_cell(0, 6, f"… e altri {total - len(lines)} prodotti.", new_x="LMARGIN", new_y="NEXT")
        return self.output()

    def _head(self) -> None:
        top = self.get_y()
        width = self.epw - (_QR_MM + 6 if self._heading.url else 0)
        self.set_font("body", "B", 17)
        self.set_text_color(*_GREEN)
        self.multi_cell(width, 8, one_line(self._heading.title), new_x="LMARGIN", new_y="NEXT", align="L")
        self.set_font("body", size=9)
        self.set_text_color(0)
        contacts = [self._heading.phone, self._heading.email, self._heading.website]
        for text in (" · ".join(filter(None, contacts)), self._heading.url):
            if text:
                self.multi_cell(width, 5, one_line(text), new_x="LMARGIN", new_y="NEXT", align="L")
        if self._heading.url:
            picture = io.BytesIO()
            segno.make(self._heading.url, error="m").save(picture, kind="png", scale=6, border=2)
            self.image(
                picture, x=self.w - self.r_margin - _QR_MM, y=top, w=_QR_MM,
                alt_text=f"Codice QR: {self._heading.url}",
            )  # fmt: skip
            self.set_y(max(self.get_y(), top + _QR_MM))
        self.ln(3)

    def _group(self, name: str, lines: list[Listed]) -> None:
        if self.get_y() > self.h - 40:
            self.add_page()
        self.set_font("body", "B", 11)
        self.set_text_color(*_GREEN)
        self.cell(0, 8, one_line(name), new_x="LMARGIN", new_y="NEXT")
        self.set_font("body", size=9)
        self.set_text_color(0)
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=(46, 20, 16, 18),
            text_align=("LEFT", "LEFT", "RIGHT", "RIGHT"),
            line_height=5,
            padding=0.8,
            headings_style=FontFace(emphasis="BOLD", color=_GREEN),
        ) as table:
            table.row(("Prodotto", "Venduto a", "Prezzo", "IVA"))
            for line in lines:
                table.row((one_line(line.title), *_columns(line)))
        self.ln(3)


def _columns(line: Listed) -> tuple[str, str, str]:
    unit = str(words.UNITS.get(line.unit, line.unit))
    if line.box_size:
        unit += f", cassa da {formats.quantity(line.box_size)}"
    price = formats.unit_price(line.price) if line.price is not None else "su richiesta"
    vat = VAT_WORDS[line.vat_treatment]
    return unit, price, vat
