"""What is ticked and written at a delivery, read from a plain form or from what a phone had kept.

Both come to the same :class:`Action`. Numbers are read as people type them; weights are typed in kilograms.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from flask_babel import gettext as _

from marketplace.plain_decimals import NotPlain, read_decimal

MAX_KEY = 64
MAX_ACTIONS = 100
MAX_ID = 2**63 - 1


class Kind(StrEnum):
    TICK = "tick"  # a line was handed out
    WEIGHT = "weight"
    DELIVERED = "delivered"  # so much really came
    RETURNED = "returned"  # containers given back
    MOVE = "move"  # from one household to another
    COLLECTED = "collected"
    PAID = "paid"


#: Digits after the mark: grams of a kilogram, thousandths, pieces, cents.
DECIMALS = {Kind.WEIGHT: 3, Kind.DELIVERED: 3, Kind.RETURNED: 0, Kind.MOVE: 3, Kind.PAID: 2}
LIMITS = {
    Kind.WEIGHT: 10**8,
    Kind.DELIVERED: 10**9,
    Kind.RETURNED: 10**5,
    Kind.MOVE: 10**9,
    Kind.PAID: 10**8,
}
TICKS = frozenset({Kind.TICK, Kind.COLLECTED})
#: What is about a line, and so names a product.
OF_A_LINE = frozenset(Kind) - {Kind.COLLECTED, Kind.PAID}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing done at the table. ``seen`` and ``wanted`` in the smallest unit, ``None``: nothing written.

    ``problem`` says why ``wanted`` could not be read. A move goes ``to`` another basket and has no ``seen``.
    ``after`` is the key of what the same phone did before to the same thing, where its page had no answer to it yet.
    """

    key: str
    kind: Kind
    basket: int
    product: int | None = None
    wanted: int | None = None
    seen: int | None = None
    to: int | None = None
    problem: str = ""
    after: str | None = None


def read_number(text: str, kind: Kind) -> tuple[int | None, str]:
    """The number, or why there is none; empty is ``None``."""
    if not text.strip(" \t\u00a0"):
        return None, ""
    try:
        number = read_decimal(text, DECIMALS[kind])
    except NotPlain as fault:
        if fault.meanings:
            many, few = fault.meanings
            return None, _("Do you mean %(many)s or %(few)s? Please write it so.", many=many, few=few)
        return None, _("Please write a plain number, such as 12,50.")
    if number > LIMITS[kind]:
        return None, _("This is more than anybody carries.")
    return number, ""


def from_form(form: Mapping[str, str], basket: int, products: Iterable[int]) -> list[Action]:
    """One household's form: only what differs from what its page showed."""
    key = form.get("key", "")
    fields = [(kind, product) for product in products for kind in Kind if kind in OF_A_LINE - {Kind.MOVE}]
    found = []
    for kind, product in [*fields, (Kind.COLLECTED, None), (Kind.PAID, None)]:
        name = kind if product is None else f"{kind}-{product}"
        if (seen_text := form.get(f"seen-{name}")) is None:
            continue
        seen = _whole(seen_text)
        problem = ""
        if kind in TICKS:
            wanted = 1 if form.get(name) else 0
        elif kind is Kind.PAID:
            # an amount that was typed counts, else the amount beside the box that is ticked
            typed = form.get("paid-amount", "")
            wanted, problem = read_number(typed if typed.strip() else (form.get(name) or ""), kind)
        else:
            wanted, problem = read_number(form.get(name, ""), kind)
        if kind is Kind.RETURNED and not problem:
            wanted = wanted or 0
        if problem or wanted != seen:
            found.append(
                Action(_key(key, name, seen, wanted), kind, basket, product, wanted, seen, None, problem)
            )
    return found


def move_from_form(form: Mapping[str, str], basket: int) -> Action:
    """A box that goes to another household."""
    wanted, problem = read_number(form.get("quantity", ""), Kind.MOVE)
    product, to = _whole(form.get("product")), _whole(form.get("to"))
    key = _key(form.get("key", ""), Kind.MOVE, basket, product, to, wanted)
    return Action(key, Kind.MOVE, basket, product, wanted, to=to, problem=problem)


def _key(key: str, *about: object) -> str:
    """Of one thing in a form: the same where the form is sent again, another where it was changed before that."""
    return sha256("|".join([key, *map(str, about)]).encode()).hexdigest() if key else ""


def from_json(sent: object) -> list[Action]:
    """What a phone kept, in its order. Raises ValueError for what no page of ours sends; other names are ignored."""
    if not isinstance(sent, dict) or not isinstance(rows := sent.get("actions"), list):
        raise ValueError("no list of actions")
    if len(rows) > MAX_ACTIONS:
        raise ValueError("too many at once")
    return [_from_row(row) for row in rows]


def _from_row(row: object) -> Action:
    if not isinstance(row, dict):
        raise ValueError("no action")
    key, value = row.get("key"), row.get("value")
    if not isinstance(key, str) or not 0 < len(key) <= MAX_KEY:
        raise ValueError("no key")
    kind = Kind(row.get("kind"))
    basket, product, to = (_id(row.get(name)) for name in ("basket", "product", "to"))
    if (
        basket is None
        or (kind in OF_A_LINE) != (product is not None)
        or (kind is Kind.MOVE) != (to is not None)
    ):
        raise ValueError("it does not say what it is about")
    seen, problem = row.get("seen"), ""
    if seen is not None and (type(seen) is not int or abs(seen) > MAX_ID):
        raise ValueError("no number")
    if kind in TICKS:
        if type(value) is not bool:
            raise ValueError("neither ticked nor not")
        wanted = int(value)
    else:
        if not isinstance(value, str):
            raise ValueError("no text")
        wanted, problem = read_number(value, kind)
        if kind is Kind.RETURNED and not problem:
            wanted = wanted or 0
    after = row.get("after")
    if after is not None and not (isinstance(after, str) and len(after) <= MAX_KEY):
        raise ValueError("no key")
    return Action(key, kind, basket, product, wanted, seen, to, problem, after)


def _id(value: object) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 < value <= MAX_ID:
        raise ValueError("no id")
    return value


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
