"""The open price: which part of a price is raw material, labour, transport and margin.

Parts are hundredths of a percent. Either nothing is said, or the parts add up to the whole price.
"""

from collections.abc import Mapping

PARTS = ("raw_material", "labour", "transport", "margin")
#: 100 %.
WHOLE = 10_000


class DoesNotAddUp(ValueError):
    """The parts are not the whole; ``total`` is what they add up to."""

    def __init__(self, total: int):
        super().__init__(total)
        self.total = total


def price_parts(written: Mapping[str, int | None]) -> dict[str, int] | None:
    """The parts as they are kept, a missing one as 0; ``None`` where none was written.

    Raises :class:`DoesNotAddUp`, also for a part that is less than nothing.
    """
    given = {part: written.get(part) for part in PARTS}
    if all(share is None for share in given.values()):
        return None
    parts = {part: share or 0 for part, share in given.items()}
    total = sum(parts.values())
    if total != WHOLE or min(parts.values()) < 0:
        raise DoesNotAddUp(total)
    return parts
