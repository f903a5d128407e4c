"""Words of an offer that need a proof (PRACTICE, Values and food, 1 and 3)."""

import re
from collections.abc import Collection

from marketplace.catalogue.organic_words import ORGANIC

#: A word that the law reserves, the criterion that must be claimed, and what may be written instead.
RESERVED_WORDS = (
    (
        ORGANIC,
        "organic",
        "only an offer with an organic certificate may be called so (D.Lgs. 148/2023, art. 23);"
        " claim it in claims.csv or write 'agroecologico', 'senza pesticidi (dichiarato)'",
    ),
    (
        re.compile(r"\b(?:a |prodotti a )?(?:km|chilometro|chilometri)[\s.]*(?:0|zero)\b", re.IGNORECASE),
        "zero_km",
        "'chilometro zero' is a term of L. 61/2022; claim it in claims.csv with the places of production",
    ),
    (
        re.compile(r"\bfilier[ae] cort[ae]\b", re.IGNORECASE),
        "short_chain",
        "'filiera corta' is a term of L. 61/2022; claim it in claims.csv with the places of the chain",
    ),
)


def wording_problem(text: str, claimed: Collection[str]) -> str | None:
    """Why a text may not stand as it is beside these claimed criteria, or None."""
    for pattern, criterion, reason in RESERVED_WORDS:
        found = pattern.search(text)
        if found and criterion not in claimed:
            return f"{found.group()!r}: {reason}"
    return None
