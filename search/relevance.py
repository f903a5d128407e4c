"""BM25 over numpy columns (MATCHING, the last section): how well offers fit a text, in free browsing only.

    impact(stem, offer) = idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length / average length))
    idf = ln(1 + (offers - having + 0.5) / (having + 0.5))

``tf`` is the sum of the weights of the stem's places (:mod:`search.offer_stems`), as in
BM25F; lengths are of title and description only, since nobody chooses how many synonyms a category has.
(Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.)
"""

import numpy as np

K1 = 1.2
"""How soon repeating a word stops to help."""
B = 0.4
"""How much longer texts are discounted (0 to 1); descriptions here are short and of like length."""
COORDINATION = 1.0
"""Exponent of the share of a text's words that an offer has, by which its relevance is multiplied."""
NAMED_CATEGORY = 0.6
"""What an offer gets more, in shares of the highest relevance, for being in a category that the text names."""

Impacts = tuple[np.ndarray, np.ndarray]
"""Offer rows, ascending (int32), and what a term adds to the relevance of each (float32)."""


def length_factors(lengths: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """The part of the formula that depends on the offer alone; the average is over the offers ``counted``."""
    average = float(lengths[counted].mean()) if counted.any() else 0.0
    relative = lengths / np.float32(average or 1.0)
    return (K1 * (1.0 - B + B * relative)).astype(np.float32)


def idf(having: int, offers: int) -> float:
    """The weight of a stem that so many of the offers have."""
    return float(np.log1p((offers - having + 0.5) / (having + 0.5)))


def impacts(frequencies: np.ndarray, factors: np.ndarray, offers: int) -> np.ndarray:
    """What a stem adds for each of the offers that have it, all of them given."""
    weight = np.float32(idf(len(frequencies), offers) * (K1 + 1.0))
    return weight * frequencies / (frequencies + factors)
