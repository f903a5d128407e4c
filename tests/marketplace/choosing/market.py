"""A small town, a group, and growers who could answer them."""

from datetime import timedelta

from marketplace.demands.models import DemandType
from marketplace.organisations.models import Kind
from tests.factories import NOW, make_area, make_claim, make_demand, make_lot, make_offer, make_organisation

#: Every test of choosing reads after this moment; demands posted at NOW close before it.
LATER = NOW + timedelta(days=2)
WEIGHTS = {"fit": 4, "proximity": 0, "values": 4, "price": 1}


def make_grower(session, name="Orto", **overrides):
    """Delivers around Bergamo, grows certified organic carrots."""
    grower = make_organisation(session, name=name, **overrides)
    make_area(session, grower)
    make_offer(session, grower, title="Carote", category="food.vegetables.carrots")
    make_claim(session, grower)
    return grower


def make_town(session, **overrides):
    return make_organisation(session, kinds=(Kind.LOCAL_AUTHORITY,), **overrides)


def make_quotes(session, town, **overrides):
    """A request for quotes of a town: 100 kg of carrots, closed between NOW and LATER."""
    values = {
        "type": DemandType.QUOTE_REQUEST,
        "title": "Carote per la mensa",
        "weights": WEIGHTS,
        "preferred": [{"criterion": "organic", "importance": 3}],
        "closes_at": NOW + timedelta(days=1),
        "lots": (carrots(),),
    }
    return make_demand(session, town, **values | overrides)


def carrots(position=1, **overrides):
    return make_lot(
        position,
        **{
            "category": "food.vegetables.carrots",
            "text": "carote",
            "quantity": 100_000,
            "unit": "kg",
            "budget": 20_000,
        }
        | overrides,
    )
