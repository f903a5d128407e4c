"""Words of an offer, or of an organisation, that need a proof (PRACTICE, Values and food, 1 and 3)."""

from collections.abc import Collection, Mapping

from marketplace.catalogue.reserved_words import ORGANIC, SHORT_CHAIN, ZERO_KM, unproven_word

#: By the criterion that must be claimed: why, and what may be written instead.
REASONS: Mapping[str, str] = {
    ORGANIC: "only what has an organic certificate may be called so (D.Lgs. 148/2023, art. 23);"
    " claim it in claims.csv or write 'agroecologico', 'senza pesticidi (dichiarato)'",
    ZERO_KM: "'chilometro zero' is a term of L. 61/2022; claim it in claims.csv with the places of production,"
    " or write where it comes from ('coltivato a Treviglio')",
    SHORT_CHAIN: "'filiera corta' is a term of L. 61/2022; claim it in claims.csv with the places of the chain,"
    " or write who sells it ('direttamente da chi coltiva')",
}


def wording_problem(text: str, claimed: Collection[str]) -> str | None:
    """Why a text may not stand as it is beside these claimed criteria, or None."""
    found = unproven_word(text, claimed)
    return f"{found.word!r}: {REASONS[found.criterion]}" if found else None
