"""Which row holds the names of the columns, and what each column is: guesses that the person corrects."""

import hashlib
import re
from collections.abc import Mapping, Sequence

from marketplace.price_lists.listed import FIELDS
from marketplace.price_lists.sheets.sheet import Row, Sheet
from search.category_names import plain_name

#: Names of columns as suppliers write them, by field; the first is the one that exports write.
NAMES: Mapping[str, tuple[str, ...]] = {
    "key": (
        "codice", "cod", "codice articolo", "cod articolo", "cod art", "codice prodotto", "sku", "articolo n", "id",
        "rif", "riferimento", "code", "key",
    ),
    "title": (
        "nome", "prodotto", "articolo", "denominazione", "prodotti", "nome prodotto", "descrizione prodotto",
        "descrizione articolo", "titolo", "voce", "product", "name", "title", "item", "varietà",
    ),
    "description": (
        "descrizione", "note", "dettagli", "descrizione estesa", "informazioni", "description", "notes", "formato",
    ),
    "category": (
        "categoria", "tipo", "tipologia", "reparto", "famiglia", "gruppo", "settore", "category", "genere",
    ),
    "unit": (
        "unità", "unità di misura", "um", "u m", "udm", "unita misura", "misura", "unit", "venduto a", "conf",
        "confezione",
    ),
    "price": (
        "prezzo", "prezzo unitario", "prezzo al kg", "prezzo kg", "euro", "prezzo euro", "importo", "prezzo ivato",
        "prezzo iva inclusa", "prezzo iva compresa", "prezzo gas", "listino", "costo", "price", "€", "prezzo €",
        "€ kg", "euro kg", "prezzo unità", "prezzo iva esclusa", "prezzo netto", "imponibile",
    ),
    "vat": ("iva", "aliquota", "aliquota iva", "% iva", "iva %", "vat", "vat rate", "regime iva"),
    "box_size": (
        "cassa", "pezzi per cassa", "kg per cassa", "per cassa", "cartone", "pezzi per cartone", "collo", "imballo",
        "quantità cassa", "unità per cassa", "package", "box", "box size", "pz cartone", "pezzi per confezione",
    ),
    "minimum": ("minimo", "ordine minimo", "quantità minima", "min", "minimum", "acquisto minimo"),
    "multiple": ("multiplo", "multipli", "multipli di", "multiple", "step"),
    "maximum_per_member": ("massimo per famiglia", "massimo", "max", "massimo per socio", "maximum"),
    "available": (
        "disponibile", "disponibilità", "quantità disponibile", "giacenza", "scorta", "available", "stock",
    ),
    "months": ("mesi", "stagione", "stagionalità", "periodo", "months", "season", "disponibile nei mesi"),
    "lead_time_days": ("giorni di preparazione", "preavviso", "giorni di preavviso", "lead time", "lead time days"),
    "active": ("attivo", "in vendita", "ordinabile", "active", "visibile"),
}  # fmt: skip

#: Rows looked at for the names; above them stand titles, addresses, greetings.
_LOOKED_AT = 30
_PRICE = re.compile(r"(?:€\s*)?\d{1,5}(?:[.,]\d{1,4})?\s*(?:€|euro)?(?:\s*/\s*\w+)?", re.IGNORECASE)
_NET = re.compile(r"(?:esclus|netto|imponibile|\+\s*iva|senza iva|no iva)", re.IGNORECASE)


def _field_by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for field, names in NAMES.items():
        for name in (field, *names):
            found.setdefault(_plain(name), field)
    return found


def _plain(name: str) -> str:
    return plain_name(name) or name.strip()


_FIELD_BY_NAME = _field_by_name()


def field_of(name: str) -> str | None:
    """The field that a column's name means, if it is one that we know."""
    plain = _plain(name)
    if plain in _FIELD_BY_NAME:
        return _FIELD_BY_NAME[plain]
    words = plain.split()
    if words and words[0] in {"prezzo", "euro", "price", "listino"}:
        return "price"
    if words[:1] == ["iva"]:
        return "vat"
    return None


def guess_header(sheet: Sheet) -> int | None:
    """The place in ``sheet.rows`` of the row of names; ``None`` where there is none."""
    if sheet.header is not None:
        return sheet.header
    best, most = None, 1
    for place, row in enumerate(sheet.rows[:_LOOKED_AT]):
        known = {field_of(cell) for cell in row.cells if cell and len(cell) < 60} - {None}
        if len(known) > most:
            best, most = place, len(known)
    return best


def guess_columns(sheet: Sheet, header: int | None) -> dict[int, str]:
    """Fields by column; each field once, its best name first. Without a row of names the contents tell."""
    if header is not None:
        names = sheet.rows[header].cells
        taken: dict[str, tuple[int, int]] = {}
        for column, name in enumerate(names):
            field = field_of(name)
            if field is None:
                continue
            ranked = [_plain(n) for n in (field, *NAMES[field])]
            rank = ranked.index(_plain(name)) if _plain(name) in ranked else len(ranked)
            if field not in taken or rank < taken[field][0]:
                taken[field] = (rank, column)
        found = {column: field for field, (_rank, column) in taken.items()}
        if "title" not in taken and "description" in taken:
            # "descrizione" alone is how most price lists call the name
            found[taken["description"][1]] = "title"
        return found
    return _by_content(sheet)


def _by_content(sheet: Sheet) -> dict[int, str]:
    rows = sheet.rows[:200]
    found: dict[int, str] = {}
    texts = [[row.cell(column) for row in rows if row.cell(column)] for column in range(sheet.width)]
    prices = [
        sum(len(cell) < 60 and bool(_PRICE.fullmatch(cell)) for cell in cells) / len(cells) if cells else 0.0
        for cells in texts
    ]
    lengths = [
        sum(map(len, cells)) / len(cells) * (len(cells) / len(rows)) if cells else 0.0 for cells in texts
    ]
    wordy = [column for column in range(sheet.width) if prices[column] < 0.5]
    if wordy:
        found[max(wordy, key=lambda column: lengths[column])] = "title"
    money = [column for column in range(sheet.width) if prices[column] >= 0.6]
    if money:
        marked = [column for column in money if any("€" in cell or "," in cell for cell in texts[column])]
        found[(marked or money)[0]] = "price"
    return found


def says_without_vat(name: str) -> bool:
    """Whether the name of a price column says that VAT comes on top."""
    return bool(_NET.search(name))


def column_names(sheet: Sheet, header: int | None) -> list[str]:
    """A name for each column, as people see it: its own, told apart where two are the same, or its letter."""
    row = sheet.rows[header] if header is not None else Row(0, ())
    names: list[str] = []
    for column in range(sheet.width):
        name = row.cell(column).replace("\n", " ")[:60]
        if not name:
            name = letter(column)
        elif name in names:
            name = f"{name} ({letter(column)})"
        names.append(name)
    return names


def repeated_names(sheet: Sheet, header: int | None) -> tuple[str, ...]:
    """Names that several columns bear."""
    cells = [cell.casefold() for cell in (sheet.rows[header].cells if header is not None else ()) if cell]
    return tuple(sorted({cell for cell in cells if cells.count(cell) > 1}))


def letter(column: int) -> str:
    """0 is A, 25 Z, 26 AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def signature(sheet: Sheet, header: int | None) -> str:
    """What makes files alike: the names of their columns, or their number where there are no names."""
    if header is None:
        names: Sequence[str] = (f"width {sheet.width}",)
    else:
        names = [_plain(name) for name in sheet.rows[header].cells]
    return hashlib.sha256("\x1f".join(((sheet.kind == "gdxp" and "gdxp") or "", *names)).encode()).hexdigest()


assert set(NAMES) == set(FIELDS)
