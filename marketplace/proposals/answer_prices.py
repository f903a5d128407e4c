"""What the catalogue already says for each lot, so that nobody types it again."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer
from marketplace.demands.models import Demand
from marketplace.money import without_vat
from marketplace.proposals.answer_values import LineValues
from marketplace.proposals.rules import PRICED_TYPES, WITH_VAT
from marketplace.proposals.standing import Standing

#: Category similarity from which an offer is taken for what is asked: strawberries cover a lot of apples as siblings
#: do (0.4), and nobody would want their price there.
ALIKE = 0.8


def proposed_lines(session: Session, demand: Demand, stands: Standing | None) -> tuple[LineValues, ...]:
    """For each lot the offer that covers it best, with its price where the units agree; a proposal, to be changed."""
    if demand.type not in PRICED_TYPES or stands is None or stands.match is None:
        return ()
    best = {
        cover.lot: cover.offer_ids[0]
        for cover in stands.match.lots
        if cover.offer_ids and cover.similarity >= ALIKE
    }
    offers = {
        offer.id: offer for offer in session.scalars(sa.select(Offer).where(Offer.id.in_(best.values())))
    }
    lines = []
    for number, lot in enumerate(demand.lots):
        offer = offers.get(best.get(number))
        if offer is None:
            continue
        price = offer.price if offer.unit == lot.unit or lot.unit is None else None
        if price is not None and demand.type not in WITH_VAT:
            price = without_vat(price, offer.vat_rate)
        lines.append(LineValues(lot.id, price=price, vat_rate=offer.vat_rate, offer_id=offer.id))
    return tuple(lines)
