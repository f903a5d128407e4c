"""May this organisation say "organic" of an offer? Only with a certificate that is still valid."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.offer_values import OfferValues
from marketplace.catalogue.organic_certificates import certified_offers, is_certified
from marketplace.catalogue.organic_words import organic_words
from marketplace.errors import Invalid


def texts_of(values: OfferValues) -> dict[str, str]:
    """Everything of an offer that people read, by the field of the form."""
    return {
        "title": values.title,
        "description": values.description,
        "ingredients": (values.food or {}).get("ingredients", ""),
        "variants": "\n".join(variant.name for variant in values.variants),
    }


def refuse_uncertified_words(
    session: Session, organisation_id: int, offer_id: int | None, texts: Mapping[str, str], now: datetime
) -> None:
    """Raises :class:`Invalid`, with the field, for the first text that claims what is not certified."""
    for field, text in texts.items():
        if found := organic_words(text):
            if is_certified(session, organisation_id, now):
                return
            if offer_id is not None and offer_id in certified_offers(session, organisation_id, now):
                return
            raise Invalid(sentence(found[0]), code="organic_without_certificate", field=field)


def sentence(word: str) -> str:
    """Why the word cannot stand, and what can be written instead."""
    return _(
        "“%(word)s” may be written only of a product with an organic certificate (D.Lgs. 148/2023,"
        " art. 23). Without one you can say “agroecological” or “without pesticides (declared)”.",
        word=word,
    )
