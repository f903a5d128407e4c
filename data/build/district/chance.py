"""Chance that comes out the same every time, and for each thing apart: a new product changes no other one's price."""

from __future__ import annotations

import random

SEED = "incontro-demo-1"


def chance(*about: object) -> random.Random:
    """A generator of its own for whatever the words name."""
    return random.Random("/".join(map(str, (SEED, *about))))
