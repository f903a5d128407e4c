"""What every PDF of ours has: A4, a font with every accent of Europe, and its title and language for screen readers."""

from fpdf import FPDF

from marketplace.config import ROOT

_FONTS = ROOT / "marketplace" / "fonts"


class Paper(FPDF):
    """A document without pages yet. Its font is "body", in plain and bold."""

    def __init__(self, title: str, lang: str):
        super().__init__(format="A4")
        self.add_font("body", "", _FONTS / "DejaVuSans.ttf")
        self.add_font("body", "B", _FONTS / "DejaVuSans-Bold.ttf")
        self.set_title(title)
        self.set_lang(lang)
        self.set_creator("Incontro")
