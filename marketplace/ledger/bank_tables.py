"""Statements as tables: CSV or XLSX as Italian banks give them, columns known by their names."""

import re
from datetime import date

from marketplace.form_text import one_line
from marketplace.ledger.bank_lines import MAX_AMOUNT, BankFile, BankLine
from marketplace.plain_decimals import NotPlain, read_decimal
from marketplace.price_lists.sheets.delimited import read_delimited
from marketplace.price_lists.sheets.sheet import Row, Unreadable

#: Where the row of names may stand: banks put the holder and the period above it.
_LOOKED_AT = 40
#: By what a column holds, in the order in which they are preferred.
_NAMES = {
    "day": ("data contabile", "data operazione", "data", "data registrazione", "booking date", "date", "data valuta", "valuta"),
    "amount": ("importo", "importo eur", "importo euro", "amount", "importo in euro", "movimento"),
    "came": ("entrate", "avere", "accrediti", "accredito", "credit", "importo avere"),
    "went": ("uscite", "dare", "addebiti", "addebito", "debit", "importo dare"),
    "counterparty": ("controparte", "ordinante", "ordinante beneficiario", "nome controparte", "beneficiario", "payer", "counterparty", "nome"),
    "text": ("causale", "descrizione", "descrizione operazione", "descrizione estesa", "dettagli", "description", "note", "causale descrizione", "operazione"),
}  # fmt: skip
_DAYS = (
    re.compile(r"(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4}|\d{2})(?:\s.*)?", re.ASCII),
    re.compile(r"(?P<y>\d{4})[/.\-](?P<m>\d{1,2})[/.\-](?P<d>\d{1,2})(?:[T\s].*)?", re.ASCII),
)


def read_table(content: bytes) -> BankFile:
    """Raises :class:`Unreadable`, ``no_columns`` where no row names a day and an amount."""
    # here: its library is slow to import, and few statements are workbooks
    from marketplace.price_lists.sheets.xlsx import read_xlsx

    sheet = read_xlsx(content) if content.startswith(b"PK") else read_delimited(content)
    for place, row in enumerate(sheet.rows[:_LOOKED_AT]):
        columns = _columns(row)
        if "day" in columns and ("amount" in columns or "came" in columns):
            return _read(sheet.rows[place + 1 :], columns)
    raise Unreadable("no_columns")


def _columns(row: Row) -> dict[str, list[int]]:
    """The places of columns by what they hold; texts may stand in several."""
    named = [re.sub(r"[^a-zà-ù]+", " ", cell.casefold()).strip() for cell in row.cells]
    found = {}
    for field, names in _NAMES.items():
        if places := [named.index(name) for name in names if name in named]:
            found[field] = places if field == "text" else places[:1]
    return found


def _read(rows: tuple[Row, ...], columns: dict[str, list[int]]) -> BankFile:
    lines, unread = [], []
    for row in rows:
        day_text, amount_text = _text(row, columns, "day"), _amount_text(row, columns)
        if not day_text or not amount_text:
            # a balance, or the end of a page
            continue
        day, amount = read_day(day_text), read_amount(amount_text)
        if day is None or amount is None:
            unread.append(row.number)
        elif amount:
            lines.append(
                BankLine(
                    row.number,
                    day,
                    amount,
                    _text(row, columns, "counterparty")[:160],
                    " ".join(dict.fromkeys(one_line(row.cell(place)) for place in columns.get("text", [])))[
                        :1000
                    ],
                )
            )
    if not lines and not unread:
        raise Unreadable("empty")
    return BankFile(tuple(lines), tuple(unread))


def _text(row: Row, columns: dict[str, list[int]], field: str) -> str:
    return one_line(row.cell(columns[field][0])) if field in columns else ""


def _amount_text(row: Row, columns: dict[str, list[int]]) -> str:
    if text := _text(row, columns, "amount"):
        return text
    if text := _text(row, columns, "came"):
        return text
    went = _text(row, columns, "went")
    return f"-{went.lstrip('-+ −')}" if went else ""


def read_day(text: str) -> date | None:
    for form in _DAYS:
        if match := form.fullmatch(text):
            year = int(match["y"])
            try:
                return date(year + 2000 if year < 100 else year, int(match["m"]), int(match["d"]))
            except ValueError:
                return None
    return None


def read_amount(text: str) -> int | None:
    """Cents with their sign, which may stand before or behind; ``None`` for what is no amount."""
    bare = re.sub(r"€|eur", "", text, flags=re.IGNORECASE).replace("\u00a0", " ").strip()
    sign = 1
    if bare[:1] in ("-", "−", "+"):
        sign, bare = (1 if bare[0] == "+" else -1), bare[1:].strip()
    elif bare[-1:] == "-":
        sign, bare = -1, bare[:-1].strip()
    try:
        cents = read_decimal(bare, 2)
    except NotPlain:
        return None
    return sign * cents if cents <= MAX_AMOUNT else None
