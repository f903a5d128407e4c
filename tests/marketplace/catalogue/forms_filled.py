"""A filled form of an offer, as a browser sends it."""


def offer_data(**overrides) -> dict:
    return {
        "title": "Formaggella di capra",
        "category": "food.bakery.bread",
        "description": "",
        "unit": "kg",
        "price": "12,50",
        "vat_treatment": "vat_4",
        "box_size": "",
        "available": "",
        "lead_time_days": "",
        "months": [],
        "version": "",
    } | overrides
