"""Sheets to sign or to file: nothing but text. What people wrote stays text."""

from fpdf.enums import XPos, YPos

from marketplace.paper import Paper


class Sheet(Paper):
    """A sheet in the language ``lang``, with its title at the top of its properties."""

    def __init__(self, title: str, lang: str = "it"):
        super().__init__(title, lang)
        self.set_margins(22, 20)
        self.set_auto_page_break(True, margin=20)
        self.add_page()

    def heading(self, text: str) -> None:
        self._lines(text, 14, "B", 7)
        self.ln(2)

    def subheading(self, text: str) -> None:
        self.ln(2)
        self._lines(text, 10.5, "B", 6)

    def paragraph(self, text: str, size: float = 10) -> None:
        self._lines(text, size, "", size * 0.52)
        self.ln(1.5)

    def blank(self, label: str) -> None:
        """A line to be filled in by hand."""
        self.set_font("body", "", 10)
        self.cell(self.get_string_width(label) + 2, 9, label)
        x, y = self.get_x(), self.get_y() + 7
        self.line(x, y, self.w - self.r_margin, y)
        self.ln(10)

    def content(self) -> bytes:
        return bytes(self.output())

    def _lines(self, text: str, size: float, style: str, height: float) -> None:
        self.set_font("body", style, size)
        self.multi_cell(0, height, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
