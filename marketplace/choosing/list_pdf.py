"""A frozen list on paper, for the file: the list, what it was made of, and how to check it."""

from datetime import datetime

from flask_babel import gettext as _
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from marketplace import formats, words
from marketplace.choosing.change_words import MUSTS, score_points
from marketplace.choosing.list_page import ListPage
from marketplace.form_text import one_line
from marketplace.paper import Paper
from search.answer import COMPONENTS

_GREEN = (29, 82, 56)
_GREY = 90
#: Parts of the width of the table, by what their heads take.
_WIDTHS = {"fit": 36, "proximity": 21, "values": 16, "price": 16}


def list_pdf(page: ListPage, buyer: str, at: datetime, sha256: str, lang: str) -> bytes:
    """In the language of the reader, whose code is ``lang``."""
    return _Sheet(page, buyer, at, sha256, lang).write()


class _Sheet(Paper):
    def __init__(self, page: ListPage, buyer: str, at: datetime, sha256: str, lang: str):
        super().__init__(_("Preliminary list: %(title)s", title=one_line(page.content["title"])), lang)
        self._page, self._buyer, self._at, self._sha256 = page, buyer, at, sha256
        self.set_creation_date(at)
        self.set_margins(18, 16)
        self.set_auto_page_break(True, 20)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("body", "", 7)
        self.set_text_color(_GREY)
        self.cell(0, 4, f"SHA-256 {self._sha256}")
        self.cell(0, 4, f"{self.page_no()}/{{nb}}", align="R")
        self.set_text_color(0)

    def write(self) -> bytes:
        self._head()
        self._asked()
        self._table()
        self._details()
        self._joint_answers()
        self._near_misses()
        self._how()
        return bytes(self.output())

    def _head(self) -> None:
        self.set_text_color(*_GREEN)
        self._text(_("Preliminary list"), 17, "B")
        self.set_text_color(0)
        self._text(one_line(self._page.content["title"]), 12.5, "B")
        if self._buyer:
            self._text(one_line(self._buyer), 10.5)
        self._text(_("Frozen on %(moment)s (Europe/Rome).", moment=formats.moment(self._at)), 9.5)
        answer = self._page.answer
        self._text(
            _(
                "%(considered)s suppliers with something published were considered; %(in_category)s of them have"
                " something in the categories asked; %(eligible)s meet every requirement.",
                considered=answer["considered"],
                in_category=answer["in_category"],
                eligible=answer["eligible"],
            ),
            9.5,
        )
        self.ln(2)

    def _asked(self) -> None:
        demand = self._page.demand
        self._heading(_("What was asked"))
        for name, lot in zip(self._page.lot_names, demand.lots, strict=True):
            parts = [name]
            if lot.quantity is not None:
                parts.append(formats.quantity(lot.quantity, lot.unit))
            if lot.budget is not None:
                parts.append(_("at most %(amount)s", amount=formats.unit_price(lot.budget)))
            self._item(", ".join(parts))
        for must in demand.required:
            proofs = ", ".join(
                words.mid_sentence(words.PROOFS[proof]) for proof in words.PROOFS if proof in must.proofs
            )
            equivalent = " " + _("or equivalent") if self._page.is_public else ""
            self._item(
                _("Indispensable: %(criterion)s", criterion=words.mid_sentence(self._label(must.criterion)))
                + f" ({proofs}){equivalent}"
            )
        for wish in demand.preferred:
            self._item(
                _("Better if: %(criterion)s", criterion=words.mid_sentence(self._label(wish.criterion)))
            )
        if demand.proximity_reason:
            self._item(_("Nearness counts because: %(reason)s", reason=one_line(demand.proximity_reason)))
        weights = self._page.answer["weights"]
        self._item(
            _("What counts, and how much:")
            + " "
            + ", ".join(
                f"{words.COMPONENTS[component]} {weights[component]:g}"
                for component in COMPONENTS
                if component in weights
            )
        )
        self.ln(2)

    def _table(self) -> None:
        answer = self._page.answer
        self._heading(_("Suitable suppliers"))
        if not answer["matches"]:
            self._text(_("Nobody met every requirement."), 9.5)
            return
        shown = [component for component in COMPONENTS if component in answer["weights"]]
        self.set_font("body", "", 8.5)
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=(7, 56, *(_WIDTHS[component] for component in shown), 15, 20),
            text_align=("RIGHT", "LEFT", *("RIGHT" for _component in shown), "RIGHT", "RIGHT"),
            line_height=4.6,
            padding=0.8,
            headings_style=FontFace(emphasis="BOLD", color=_GREEN),
        ) as table:
            table.row(
                (
                    "",
                    _("Supplier"),
                    *(str(words.COMPONENTS[component]) for component in shown),
                    _("Points"),
                    _("Distance"),
                )
            )
            for match in answer["matches"]:
                table.row(
                    (
                        str(match["rank"]),
                        one_line(match["name"]),
                        *(score_points(match["contributions"].get(component, 0)) for component in shown),
                        score_points(match["score"]),
                        formats.km(match["distance_km"]),
                    )
                )
        self.ln(3)

    def _details(self) -> None:
        if not self._page.answer["matches"]:
            return
        self._heading(_("Why, one by one"))
        for match in self._page.answer["matches"]:
            self._keep_together()
            self._text(f"{match['rank']}. {one_line(match['name'])}", 9.5, "B")
            for line in self._page.told[match["supplier_id"]]:
                self._item(line)
            self.ln(1)

    def _joint_answers(self) -> None:
        if not self._page.joint_answers:
            return
        self._heading(_("Joint answers"))
        self._text(
            _("Each line of the request is judged by who brings it; points are those of the list above."), 8.8
        )
        for joint in self._page.joint_answers:
            points = "–" if joint["score"] is None else score_points(joint["score"])
            self._keep_together()
            self._text(
                f"{one_line(', '.join(partner['name'] for partner in joint['partners']))}: {points}", 9.5, "B"
            )
            for line in self._page.joint_sentences(joint):
                self._item(line)
            self.ln(1)

    def _near_misses(self) -> None:
        missed = self._page.answer["near_misses"]
        if not missed:
            return
        self._heading(_("One requirement is missing"))
        for near_miss in missed:
            self._keep_together()
            self._text(
                f"{one_line(near_miss['name'])} ({MUSTS[near_miss['failed']]};"
                f" {formats.km(near_miss['distance_km'])})",
                9.5,
                "B",
            )
            for line in self._page.missing[near_miss["supplier_id"]]:
                self._item(line)
        self.ln(2)

    def _how(self) -> None:
        content = self._page.content
        self._heading(_("How to check it"))
        self._text(
            _(
                "This list was made by one calculation from data that are kept whole in a JSON file, which can be"
                " downloaded beside this sheet: the request, the suppliers in category with offers, proofs, areas and"
                " seat, the categories, the constants and the moment. SHA-256 of the file's bytes (RFC 8785):"
            ),
            8.5,
        )
        self._text(self._sha256, 8.5, "B")
        self._text(_("Tree of categories, version %(version)s.", version=content["tree"]["version"]), 8)
        self._text(
            _(
                "It is a help to look at the market, not an award: it replaces no check that the buyer has to make."
            ),
            8.5,
        )

    def _label(self, criterion: str) -> str:
        known = self._page.criteria.get(criterion)
        return known.label(self.lang_code) if known else criterion

    @property
    def lang_code(self) -> str:
        return "en" if str(self.lang).startswith("en") else "it"

    def _heading(self, text: str) -> None:
        self._keep_together(62)
        self.set_text_color(*_GREEN)
        self._text(text, 11.5, "B")
        self.set_text_color(0)

    def _item(self, text: str) -> None:
        self.set_font("body", "", 8.8)
        left = self.l_margin
        self.set_x(left + 2)
        self.cell(4, 4.6, "•")
        self.multi_cell(self.epw - 6, 4.6, one_line(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")

    def _text(self, text: str, size: float, style: str = "") -> None:
        self.set_font("body", style, size)
        self.multi_cell(0, size * 0.52, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
        self.ln(0.8)

    def _keep_together(self, least_mm: float = 45) -> None:
        """No heading alone at the foot of a page."""
        if self.get_y() > self.h - least_mm:
            self.add_page()
