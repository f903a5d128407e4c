"""May this organisation say "organic", "km 0" or "filiera corta" of an offer, or of itself? Only what is proven."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.offer_values import OfferValues
from marketplace.catalogue.proven_words import proven_words
from marketplace.catalogue.reserved_words import (
    CODES,
    ORGANIC,
    SHORT_CHAIN,
    ZERO_KM,
    ReservedWord,
    reserved_words,
    unproven_word,
)
from marketplace.errors import Invalid


def texts_of(values: OfferValues) -> dict[str, str]:
    """Everything of an offer that people read, by the field of the form."""
    return {
        "title": values.title,
        "description": values.description,
        "ingredients": (values.food or {}).get("ingredients", ""),
        "variants": "\n".join(variant.name for variant in values.variants),
    }


def refuse_unproven_words(
    session: Session, organisation_id: int, offer_id: int | None, texts: Mapping[str, str], now: datetime
) -> None:
    """Raises :class:`Invalid`, with the field, for the first text of an offer that claims what is not proven."""
    _refuse(texts, lambda: proven_words(session, organisation_id, now).of(offer_id))


def refuse_unproven_words_of_itself(
    session: Session, organisation_id: int, texts: Mapping[str, str], now: datetime
) -> None:
    """The same for what an organisation says of itself: something that it offers must meet the word."""
    _refuse(texts, lambda: proven_words(session, organisation_id, now).anywhere())


def sentence(found: ReservedWord) -> str:
    """Why the word cannot stand, and what can be written instead."""
    told = {
        ORGANIC: _(
            "“%(word)s” may be written only of a product with an organic certificate (D.Lgs. 148/2023,"
            " art. 23). Without one you can say “agroecological” or “without pesticides (declared)”.",
            word=found.word,
        ),
        ZERO_KM: _(
            "“%(word)s” is a term of L. 61/2022: declare where it is produced and processed and state the"
            " characteristic “Zero kilometre” first. Without it you can say where it comes from or how far that"
            " is: “grown in Treviglio”, “12 km from you”.",
            word=found.word,
        ),
        SHORT_CHAIN: _(
            "“%(word)s” is a term of L. 61/2022: state the characteristic “Short supply chain”, with its places,"
            " first. Without it you can say who sells it: “straight from who grows it”.",
            word=found.word,
        ),
    }
    return told[found.criterion]


def _refuse(texts: Mapping[str, str], proven: Callable[[], Collection[str]]) -> None:
    if not any(reserved_words(text) for text in texts.values()):
        return
    held = proven()
    for field, text in texts.items():
        if found := unproven_word(text, held):
            raise Invalid(sentence(found), code=CODES[found.criterion], field=field)
