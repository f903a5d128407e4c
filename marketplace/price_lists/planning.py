"""What an import would do: pure. The lines of today and the rows of the file give a plan, or questions first.

A row is compared with the line of its code, else with the line of its name. Only the columns that the file has
are compared; what a cell says word for word as an export would write it is no change.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from marketplace.catalogue.reserved_words import CODES, unproven_word, without_unproven_words
from marketplace.form_text import one_line
from marketplace.money import with_vat
from marketplace.price_lists import cell_values, free_text
from marketplace.price_lists.cell_values import Ambiguous, Refused
from marketplace.price_lists.exports.harmless_cells import unquoted
from marketplace.price_lists.free_text import Categories
from marketplace.price_lists.gdxp.lines import gdxp_cells
from marketplace.price_lists.listed import FIELDS, QUANTITIES, VAT_RATES, Listed, cells
from marketplace.price_lists.plan import Change, Outcome, Plan, PlannedRow, Questions, Reason, UnknownText
from marketplace.price_lists.reading import REMOVE, Reading
from marketplace.price_lists.sheets.sheet import Row, Sheet

MAX_LEAD_TIME_DAYS = 365


def make_plan(
    sheet: Sheet,
    reading: Reading,
    current: Sequence[Listed],
    categories: Categories,
    *,
    proven: Collection[str],
    needs_category: bool = True,
) -> Plan:
    """The plan for these lines; ``proven`` are the criteria whose reserved words every line may bear."""
    return _Planning(sheet, reading, current, categories, proven, needs_category).plan()


class _Planning:
    def __init__(self, sheet, reading, current, categories, proven, needs_category):
        self._sheet: Sheet = sheet
        self._reading: Reading = reading
        self._current: Sequence[Listed] = current
        self._categories: Categories = categories
        self._proven = frozenset(proven)
        self._needs_category = needs_category
        written: Callable[..., Mapping[str, str]] = gdxp_cells if sheet.kind == "gdxp" else cells
        self._written = written
        self._by_key = {line.key: line for line in current if line.key}
        self._by_code = {line.code: line for line in current if not line.key}
        self._by_title: dict[str, list[Listed]] = {}
        for line in current:
            self._by_title.setdefault(one_line(line.title).casefold(), []).append(line)
        self._seen: dict[object, int] = {}
        self._numbers: dict[str, tuple[str, str, str]] = {}
        self._unknown: dict[str, dict[str, list]] = {"units": {}, "categories": {}, "vats": {}}
        self._defaults: dict[str, None] = {}
        self._heading = ""

    def plan(self) -> Plan:
        mapped = set(self._reading.columns.values())
        if "title" not in mapped:
            return Plan((), (), Questions(missing_columns=("title",)))
        rows = tuple(self._row(row) for row in self._sheet.rows[self._reading.header + 1 :])
        matched = {row.line.id for row in rows if row.line is not None}
        vanished = tuple(line for line in self._current if line.active and line.id not in matched)
        return Plan(rows, vanished, self._questions())

    def _questions(self) -> Questions:
        def asked(kind: str, propose: Callable[[str], str | None]) -> tuple[UnknownText, ...]:
            found = self._unknown[kind].values()
            return tuple(UnknownText(text, count, propose(text)) for text, count in found)

        return Questions(
            numbers=self._numbers,
            units=asked("units", free_text.unit_proposal),
            categories=asked("categories", self._categories.proposal),
            vats=asked("vats", lambda text: None),
            defaults=tuple(self._defaults),
        )

    def _row(self, row: Row) -> PlannedRow:
        raw = {name: unquoted(row.cell(column)) for column, name in self._reading.columns.items()}
        title = one_line(raw["title"])
        if self._is_heading(row, raw):
            said = title or next(cell for cell in row.cells if cell)
            # a greeting or an address is no category
            self._heading = said if self._categories.proposal(said) else ""
            return PlannedRow(row.number, Outcome.REJECTED, said[:160], reasons=(Reason("heading"),))
        if not title:
            return PlannedRow(row.number, Outcome.REJECTED, "", reasons=(Reason("no_title", "title"),))
        if self._heading and not raw.get("category"):
            raw["category"] = self._heading
        line = self._match(raw, title)
        known = ("line", line.id) if line else ("new", raw.get("key") or title.casefold())
        if known in self._seen:
            reason = Reason("row_twice", "title", {"row": self._seen[known]})
            return PlannedRow(row.number, Outcome.REJECTED, title, line, reasons=(reason,))
        self._seen[known] = row.number
        values, reasons = self._values(raw, line)
        return _outcome(row.number, title, line, values, reasons)

    def _is_heading(self, row: Row, raw: Mapping[str, str]) -> bool:
        """A row of one word among rows with prices ("FRUTTA") names what follows."""
        return "price" in raw and not raw["price"] and sum(map(bool, row.cells)) == 1 and len(raw) > 1

    def _match(self, raw: Mapping[str, str], title: str) -> Listed | None:
        key = one_line(raw.get("key", ""))
        if found := self._by_key.get(key) or self._by_code.get(key):
            return found
        same = self._by_title.get(title.casefold(), ())
        # a code of its own that differs says that it is another product of the same name
        fitting = [line for line in same if not key or not line.key]
        return fitting[0] if len(fitting) == 1 else None

    def _values(self, raw: dict[str, str], line: Listed | None) -> tuple[dict[str, object], list[Reason]]:
        written = self._written(line, self._categories.label) if line else {}
        values: dict[str, object] = {}
        reasons: list[Reason] = []
        spoken_unit = ""
        for name in FIELDS:
            if name not in raw:
                continue
            if line is not None and raw[name].strip() == written.get(name, "").strip():
                values[name] = _kept(line, name)
                continue
            try:
                if name == "price":
                    values["price"], spoken_unit = self._price(raw["price"])
                elif name not in ("unit", "category", "vat"):
                    values[name] = self._plain(name, raw[name])
            except Ambiguous as asked:
                example = (asked.values["text"], asked.values["many"], asked.values["few"])
                self._numbers.setdefault(name, example)
                values[name] = None
            except Refused as refused:
                reasons.append(Reason(refused.code, name, refused.values))
        for name, text in (("unit", spoken_unit), ("category", ""), ("vat", "")):
            if name not in values:
                self._code(name, raw.get(name, "") or text, raw, line, values)
        if "key" in values and not values["key"]:
            # a missing code says nothing about the one that the line has
            del values["key"]
        self._add_vat(raw, written, values)
        self._judge_words(line, values, reasons)
        return values, reasons

    def _price(self, text: str) -> tuple[int | None, str]:
        value, unit = cell_values.price_and_unit(text, self._reading.numbers.get("price"))
        return (None if value == 0 and self._sheet.kind == "gdxp" else value), unit

    def _plain(self, name: str, text: str) -> object:
        if name in QUANTITIES:
            value = cell_values.quantity(text, self._reading.numbers.get(name))
            return None if value == 0 and name != "available" else value
        if name == "months":
            return cell_values.months(text)
        if name == "lead_time_days":
            return cell_values.whole(text, MAX_LEAD_TIME_DAYS)
        if name == "active":
            return cell_values.truth(text)
        return cell_values.line(name, text)

    def _code(self, name: str, text: str, raw, line: Listed | None, values: dict[str, object]) -> None:
        """A coded field: what the text means, what was answered before, or a question."""
        answers, default = {
            "unit": (self._reading.units, self._reading.default_unit),
            "category": (self._reading.categories, self._reading.default_category),
            "vat": (self._reading.vats, self._reading.default_vat),
        }[name]
        if not text:
            if line is not None:
                return
            found = self._categories.proposal(raw["title"]) if name == "category" else None
            if found or default:
                values[name] = found or default
            elif name != "category" or self._needs_category:
                self._defaults[name] = None
            return
        sure = {
            "unit": free_text.unit_code, "category": self._categories.sure, "vat": free_text.vat_code,
        }[name](text)  # fmt: skip
        if name == "vat" and line is not None and free_text.is_zero_rate(text):
            if VAT_RATES[line.vat_treatment] == 0:
                values["vat"] = line.vat_treatment
                return
        if found := sure or answers.get(free_text.plain(text)):
            values[name] = found
            return
        kind = {"unit": "units", "category": "categories", "vat": "vats"}[name]
        asked = self._unknown[kind].setdefault(free_text.plain(text), [one_line(text)[:80], 0])
        asked[1] += 1

    def _add_vat(self, raw, written, values: dict[str, object]) -> None:
        if self._reading.vat_included or not values.get("price") or self._sheet.kind == "gdxp":
            return
        treatment = values.get("vat")
        if treatment and raw.get("price", "").strip() != written.get("price"):
            values["price"] = with_vat(values["price"], VAT_RATES[treatment])

    def _judge_words(self, line: Listed | None, values: dict[str, object], reasons: list[Reason]) -> None:
        proven = self._proven.union(line.proven if line is not None else ())
        appears = line is not None and not line.active and _becomes_active(line, values)
        for name in ("title", "description"):
            text = values.get(name, getattr(line, name) if appears else None)
            # what is public already was judged when it was written; a draft may bear words that wait for their proof
            if not text or (line is not None and not appears and text == getattr(line, name)):
                continue
            if found := unproven_word(text, proven):
                if self._reading.organic == REMOVE:
                    values[name] = without_unproven_words(text, proven)
                    if name == "title" and not values[name]:
                        reasons.append(Reason("no_title", "title"))
                else:
                    reasons.append(Reason(CODES[found.criterion], name, {"word": found.word}))
        if appears and (found := unproven_word(line.beside, proven)):
            reasons.append(Reason(CODES[found.criterion], "active", {"word": found.word}))


def _becomes_active(line: Listed, values: Mapping[str, object]) -> bool:
    """Whether the row says that the line is on sale: in so many words, or by naming what had been withdrawn."""
    return bool(values.get("active", line.status == "withdrawn"))


def _kept(line: Listed, name: str) -> object:
    return {"vat": line.vat_treatment, "active": line.active}.get(name, getattr(line, name, None))


def _outcome(
    number: int, title: str, line: Listed | None, values: dict[str, object], reasons: list[Reason]
) -> PlannedRow:
    if reasons:
        return PlannedRow(number, Outcome.REJECTED, title, line, values, reasons=tuple(reasons))
    if line is None:
        return PlannedRow(number, Outcome.CREATED, title, None, values)
    if "active" not in values and _becomes_active(line, values):
        values["active"] = True
    changes = tuple(
        Change(name, before, after)
        for name, after in values.items()
        if (before := _kept(line, name)) != after
    )
    return PlannedRow(number, Outcome.CHANGED if changes else Outcome.UNCHANGED, title, line, values, changes)
