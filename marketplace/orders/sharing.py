"""An amount shared out to the cent: each share is rounded down, and the cents that are left go to the largest remainders.

The method of the largest remainder (Hamilton, Hare-Niemeyer): shares add up exactly, and none differs from its exact
value by a whole cent.
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def share_out(amount: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """``amount`` in proportion to ``weights`` (none negative); a negative amount is shared as a positive one would be.

    Where all weights are 0 all count alike. Equal remainders are decided by the greater weight and then by the smaller
    key, so that the order in which they are given does not matter. Raises ValueError where there is nobody to share.
    """
    if not weights:
        if amount:
            raise ValueError("nobody to share with")
        return {}
    if min(weights.values()) < 0:
        raise ValueError("a weight is negative")
    total = sum(weights.values())
    if total == 0:
        weights, total = dict.fromkeys(weights, 1), len(weights)
    sign = -1 if amount < 0 else 1
    shares, remainders = {}, {}
    for key, weight in weights.items():
        shares[key], remainders[key] = divmod(abs(amount) * weight, total)
    left = abs(amount) - sum(shares.values())
    for key in sorted(weights, key=lambda key: (-remainders[key], -weights[key], key))[:left]:
        shares[key] += 1
    return {key: sign * share for key, share in shares.items()}
