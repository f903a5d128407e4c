"""organisations.csv: who offers and who buys."""

from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale, iva

from geo.distance import haversine_km
from geo.points import Point
from marketplace.district.dataset.cells import Cells
from marketplace.district.dataset.reference import Reference
from marketplace.district.dataset.rows import OrganisationRow, Seat
from marketplace.district.dataset.values import degrees, email, items, key, one_of, several_of, web_address
from marketplace.organisations.models import Kind, Status
from marketplace.words import QUALIFICATIONS

MAX_DESCRIPTION = 10_000
#: Kilometres that a seat may lie from the middle of its comune; the widest comune of Italy stays well within.
MAX_SEAT_KM = 50.0


def read_organisation(cells: Cells, reference: Reference) -> OrganisationRow | None:
    """One organisation, or None where the row has a problem."""
    row = {
        "line": cells.line,
        "key": cells.parsed("key", key, needed=True),
        "name": cells.text("name", 160, needed=True),
        "kinds": tuple(cells.parsed("kinds", several_of(tuple(Kind)), [], needed=True)),
        "seat": _seat(cells, reference),
        "legal_form": cells.parsed("legal_form", reference.legal_form, ""),
        "vat_number": cells.parsed("vat_number", _checked_by(iva, "VAT number")),
        "tax_code": cells.parsed("tax_code", _checked_by(codicefiscale, "tax code")),
        "summary": cells.text("summary", 300),
        "description": cells.text("description", MAX_DESCRIPTION, lines=True),
        "address": cells.text("address", 160),
        "email": cells.parsed("email", email, ""),
        "phone": cells.text("phone", 40),
        "website": cells.parsed("website", web_address, ""),
        "qualifications": cells.parsed("qualifications", _qualifications, {}),
        "status": cells.parsed("status", one_of(tuple(Status)), Status.ACTIVE.value),
    }
    if len(row["website"]) > 255:
        cells.refuse("website", "the address is longer than 255 characters")
    return OrganisationRow(**row) if cells.good else None


def _seat(cells: Cells, reference: Reference) -> Seat | None:
    """The place, moved to the point of ``lat`` and ``lon`` where they are given."""
    place = cells.parsed("place", reference.place, needed=True)
    lat, lon = cells.parsed("lat", degrees(90)), cells.parsed("lon", degrees(180))
    for column, other in (("lat", "lon"), ("lon", "lat")):
        if cells.raw(other) and not cells.raw(column):
            cells.refuse(column, f"the cell is empty, but {other} is given")
    if place is None:
        return None
    point = place.point
    if lat is not None and lon is not None:
        point = Point(lat, lon)
        km = haversine_km(point, place.point)
        if km > MAX_SEAT_KM:
            cells.refuse(
                "lat", f"the point is {km:.0f} km from {place.label}; are latitude and longitude swapped?"
            )
    return Seat(place.label, place.comune, place.province, point.lat, point.lon)


def _checked_by(module, what: str):
    def parse(text: str) -> str:
        try:
            return module.validate(text)
        except ValidationError:
            raise ValueError(f"{text!r} is not a valid Italian {what}") from None

    return parse


def _qualifications(text: str) -> dict[str, str]:
    """``albo_b=123; runts``: codes, each with its number in the register after an equals sign where there is one."""
    parse_code = one_of(QUALIFICATIONS)
    found = {}
    for item in items(text):
        code, _, number = (part.strip() for part in item.partition("="))
        if len(number) > 60:
            raise ValueError(f"the number of {code} is longer than 60 characters")
        found[parse_code(code)] = number
    return found
