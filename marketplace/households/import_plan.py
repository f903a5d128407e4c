"""Rows of a file as households of a group: what is new, what changes, what stays, what cannot be taken and why.

Headers are recognised by their Italian and English names, among them those of the exports whose code is public:
GASdotto's list of credits (ID, Nome, E-Mail, Credito Residuo) and of users (Cognome, Nome, Nome Completo, Username,
Numero Tessera, Membro da), and ReteDES' table of balances (Utente, Totale). Amounts in cents.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from email_validator import EmailNotValidError, validate_email

from marketplace.plain_decimals import NotPlain, read_decimal
from marketplace.price_lists.sheets.sheet import Row, Sheet
from search.category_names import plain_name

NAMES: Mapping[str, tuple[str, ...]] = {
    "key": ("id", "codice", "numero tessera", "tessera", "numero socio", "username", "userid", "id utente", "utenza"),
    "whole_name": ("nome completo", "famiglia", "nominativo", "utente", "socio", "gasista", "household", "full name"),
    "surname": ("cognome", "surname", "last name"),
    "name": ("nome", "name", "first name"),
    "email": ("e mail", "email", "mail", "posta elettronica", "indirizzo e mail", "indirizzo email"),
    "phone": ("telefono", "cellulare", "tel", "phone"),
    "credit": (
        "credito", "credito residuo", "saldo", "credito attuale", "saldo attuale", "totale", "disponibile", "credit",
    ),
    "joined_on": ("membro da", "iscritto dal", "socio dal", "data iscrizione", "dal"),
}  # fmt: skip

_FIELD_BY_NAME = {plain_name(name) or name: field for field, names in NAMES.items() for name in names}
_LIMITS = {"key": 80, "name": 120, "email": 255, "phone": 40}
_LOOKED_AT = 30


class NoNames(ValueError):
    """No row of names was found, or none that says who the household is."""


@dataclass(frozen=True, slots=True)
class Known:
    """A household as the group has it; ``opened`` where a credit was brought in before."""

    id: int
    key: str | None
    name: str
    email: str
    phone: str
    joined_on: date | None
    opened: bool = False


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """``values`` are the columns to set (of a known household only those that differ); ``problem`` a code, where rejected.

    ``credit`` is what is still to be brought in, in cents; ``None`` where the file says none or it is there already.
    """

    number: int
    title: str
    household_id: int | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    credit: int | None = None
    problem: str = ""

    @property
    def kind(self) -> str:
        if self.problem:
            return "rejected"
        if self.household_id is None:
            return "new"
        return "changed" if self.values or self.credit is not None else "unchanged"


def plan_households(sheet: Sheet, known: Iterable[Known]) -> list[PlannedRow]:
    """Each row once; a household is known by its key, else its address, else its name. Raises :class:`NoNames`."""
    place, columns = _columns(sheet)
    known = list(known)
    indexes = [
        _index(known, lambda one: one.key),
        _index(known, lambda one: one.email),
        _index(known, lambda one: one.name),
    ]
    seen: set[object] = set()
    return [_row(row, columns, indexes, seen) for row in sheet.rows[place + 1 :]]


def _columns(sheet: Sheet) -> tuple[int, dict[int, str]]:
    best: tuple[int, dict[int, str]] = (-1, {})
    for place, row in enumerate(sheet.rows[:_LOOKED_AT]):
        found: dict[int, str] = {}
        for column, cell in enumerate(row.cells):
            name = field_of(cell)
            if name is not None and name not in found.values():
                found[column] = name
        if len(found) > len(best[1]):
            best = place, found
    if not {"name", "whole_name", "surname"} & set(best[1].values()):
        raise NoNames
    return best


def field_of(header: str) -> str | None:
    """The field that a header means; a currency behind it says nothing more."""
    plain = plain_name(header.replace("€", " ")) or ""
    return _FIELD_BY_NAME.get(plain.strip().removesuffix(" euro"))


def _index(known: Sequence[Known], by) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = defaultdict(list)
    for one in known:
        if value := (by(one) or "").casefold():
            found[value].append(one)
    return found


def _row(
    row: Row, columns: Mapping[int, str], indexes: Sequence[Mapping[str, list[Known]]], seen: set
) -> PlannedRow:
    cells = {name: " ".join(row.cell(column).split()) for column, name in columns.items()}
    title = cells.get("whole_name") or " ".join(filter(None, (cells.get("surname"), cells.get("name"))))
    try:
        values, credit = _read(cells, title)
    except _Rejected as why:
        return PlannedRow(row.number, title, problem=str(why))
    found = _find(values, indexes)
    if len(found) > 1:
        return PlannedRow(row.number, title, problem="ambiguous")
    one = found[0] if found else None
    identity = one.id if one else (values.get("key") or values.get("email") or title).casefold()
    if identity in seen:
        return PlannedRow(row.number, title, problem="twice")
    seen.add(identity)
    if one is None:
        return PlannedRow(row.number, title, None, values, credit)
    differing = {name: value for name, value in values.items() if getattr(one, name) != value}
    return PlannedRow(row.number, title, one.id, differing, None if one.opened else credit)


class _Rejected(Exception):
    pass


def _read(cells: Mapping[str, str], title: str) -> tuple[dict[str, object], int | None]:
    if not title:
        raise _Rejected("no_name")
    values: dict[str, object] = {"name": title}
    for name in ("key", "phone"):
        if cells.get(name):
            values[name] = cells[name]
    if cells.get("email"):
        values["email"] = _email(cells["email"])
    if cells.get("joined_on"):
        values["joined_on"] = _day(cells["joined_on"])
    if any(len(str(values.get(name) or "")) > most for name, most in _LIMITS.items()):
        raise _Rejected("too_long")
    credit = None
    if cells.get("credit"):
        try:
            credit = _cents(cells["credit"])
        except NotPlain:
            raise _Rejected("no_amount") from None
    return values, credit or None


def _cents(text: str) -> int:
    text = text.replace("€", "").strip().replace("\N{MINUS SIGN}", "-")
    negative = text.startswith("-")
    cents = read_decimal(text.removeprefix("-").strip(), 2)
    return -cents if negative else cents


def _email(text: str) -> str:
    # some exports write all addresses of somebody into one cell
    first = text.replace(";", ",").split(",")[0].strip()
    try:
        return validate_email(first, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise _Rejected("no_email") from None


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text[:10], form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise _Rejected("no_day")


def _find(values: Mapping[str, object], indexes: Sequence[Mapping[str, list[Known]]]) -> list[Known]:
    for index, name in zip(indexes, ("key", "email", "name"), strict=True):
        value = str(values.get(name) or "").casefold()
        if not (value and value in index):
            continue
        # a family with a key of its own is no other one with the same address or name
        fitting = [one for one in index[value] if name == "key" or not (one.key and values.get("key"))]
        if fitting:
            return fitting
    return []


def sums(rows: Collection[PlannedRow]) -> dict[str, int]:
    """How many rows of each kind."""
    found = {"new": 0, "changed": 0, "unchanged": 0, "rejected": 0}
    for row in rows:
        found[row.kind] += 1
    return found
