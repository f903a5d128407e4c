"""What becomes of something that was ticked or written on a phone, perhaps long ago: pure decisions.

Every action says what its page showed (``seen``) and what it wants. It is done only where that still stands. Where
somebody else has meanwhile written the same it stays theirs; where they wrote something else theirs stays too, and
whoever comes second is shown both. So nothing that somebody wrote is ever overwritten unseen, in whatever order
actions arrive; actions on different things never disturb each other.
"""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    DONE = "done"
    ALREADY = "already"  # somebody wrote the same before
    CONFLICT = "conflict"  # somebody wrote something else since the page was made
    INVALID = "invalid"  # it cannot be read or is not possible
    NOT_FOUND = "not_found"


def decide(current: int | None, seen: int | None, wanted: int | None) -> Outcome:
    """The rule above for one value; a tick is 0 or 1."""
    if current == wanted:
        return Outcome.ALREADY
    return Outcome.DONE if current == seen else Outcome.CONFLICT


@dataclass(frozen=True, slots=True)
class Held:
    """What a household has of a product: ``quantity`` in thousandths, ``weight`` in grams, ``None`` where not weighed."""

    quantity: int
    weight: int | None = None


def move(giver: Held, taker: Held, quantity: int) -> tuple[Held, Held]:
    """``quantity`` goes from one household to another; the sum stays. Raises ValueError where there is not so much.

    A weight goes along where all of it goes; else nobody knows what each half weighs, and both go back on the scales.
    """
    if not 0 < quantity <= giver.quantity:
        raise ValueError("there is not so much to give")
    all_of_it = quantity == giver.quantity
    if all_of_it and taker.quantity == 0:
        weights = (None, giver.weight)
    elif all_of_it and giver.weight is not None and taker.weight is not None:
        weights = (None, giver.weight + taker.weight)
    else:
        weights = (None, None)
    return Held(giver.quantity - quantity, weights[0]), Held(taker.quantity + quantity, weights[1])
