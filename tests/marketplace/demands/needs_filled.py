"""A need as a browser sends it, and the suppliers who could answer it."""

from tests.factories import make_area, make_claim, make_offer, make_organisation


def need_data(**overrides) -> dict:
    """Forty kilograms of carrots delivered to Clusone; lots and criteria by the names of their fields."""
    return {
        "profile": "community",
        "near": "Clusone",
        "mode": "deliver",
        "lots-0-what": "carote",
        "lots-0-quantity": "40",
        "lots-0-unit": "kg",
    } | {name.replace("__", "-"): value for name, value in overrides.items()}


def public_data(**overrides) -> dict:
    """The same of a public body, which sets every weight itself, and a deadline until which quotes are sealed."""
    weights = {"fit": "4", "proximity": "0", "values": "4", "price": "2"}
    deadline = {"closes_at": "2031-05-31T12:00"}
    return need_data(profile="public", **(deadline | weights | overrides))


def make_grower(session, *, km=60, certified=False, title="Carote", **overrides):
    """An organisation in Bergamo that sells carrots and delivers ``km`` around."""
    organisation = make_organisation(session, **overrides)
    make_area(session, organisation, radius_m=km * 1000)
    make_offer(session, organisation, title=title, category="food.vegetables.carrots", price=20_000)
    if certified:
        make_claim(session, organisation)
    return organisation
