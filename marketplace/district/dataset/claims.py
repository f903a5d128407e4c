"""claims.csv: which criteria an organisation or one of its offers meets, and how that is verified."""

from datetime import datetime, time

from marketplace.district.dataset.cells import Cells
from marketplace.district.dataset.layout import CARRIED
from marketplace.district.dataset.reference import Reference
from marketplace.district.dataset.rows import ClaimRow
from marketplace.district.dataset.values import day, items, key, one_of, scaled, web_address, yes_or_no
from marketplace.rome_time import from_rome
from search.criteria import Proof
from search.proof_fields import PROOF_FIELDS

MAX_DETAIL = 500


def read_claim(cells: Cells, reference: Reference) -> ClaimRow | None:
    """One claim with all that its proof must carry, or None where the row has a problem."""
    organisation = cells.parsed("organisation", key, needed=True)
    offer = cells.parsed("offer", key)
    criterion = reference.criteria.get(cells.needed("criterion"))
    if criterion is None and cells.raw("criterion"):
        cells.refuse(
            "criterion", f"{cells.raw('criterion')!r} is not a criterion; they are in data/criteria.csv"
        )
    proof = cells.parsed("proof", one_of(tuple(Proof)), needed=True)
    expires = cells.parsed("expires", day)
    verified = cells.parsed("verified", _verified, False)
    if criterion is None or proof is None:
        return None
    if not criterion.admits(proof):
        cells.refuse("proof", f"{criterion.code} does not admit {proof}, only {', '.join(criterion.proofs)}")
        return None
    carried = criterion.proofs[Proof(proof)]
    details = _details(cells, carried, reference, f"{criterion.code} with {proof}")
    if "expiry" in carried and expires is None and not cells.raw("expires"):
        cells.refuse("expires", f"{criterion.code} with {proof} needs its last day of validity")
    link = details.pop("link", "")
    if not cells.good:
        return None
    return ClaimRow(cells.line, organisation, offer, criterion.code, proof, details, link, expires, verified)


def _details(cells: Cells, carried: tuple[str, ...], reference: Reference, what: str) -> dict[str, str]:
    """What the proof carries, by field; every field that it must carry is there unless refused."""
    details = {}
    for field in CARRIED:
        given = cells.raw(field)
        if field not in carried:
            if given:
                cells.refuse(field, f"{what} does not carry this; leave the cell empty")
        elif not given:
            cells.refuse(field, f"{what} must carry this; the cell is empty")
        else:
            details[field] = cells.parsed(field, _PARSERS.get(PROOF_FIELDS[field].kind, str))
            if PROOF_FIELDS[field].kind == "comuni":
                details[field] = cells.parsed(field, lambda text: _comuni(text, reference))
            elif len(given) > (255 if field == "link" else MAX_DETAIL):
                cells.refuse(field, "the text is too long")
    return details


#: How the kinds of :mod:`search.proof_fields` are kept in a claim's details, all as text.
_PARSERS = {
    "date": lambda text: day(text).isoformat(),
    "url": web_address,
    "percent": lambda text: str(scaled(0, most=100)(text.removesuffix("%").strip())),
}


def _comuni(text: str, reference: Reference) -> str:
    labels = []
    for item in items(text):
        place = reference.place(item)
        if place.comune is None:
            raise ValueError(f"{item!r} is not a comune")
        labels.append(place.label)
    return "; ".join(labels)


def _verified(text: str) -> datetime | bool:
    """``yes``, ``no``, or the day on which somebody checked it."""
    try:
        return yes_or_no(text)
    except ValueError:
        try:
            return from_rome(datetime.combine(day(text), time()))
        except ValueError:
            raise ValueError(f"{text!r} is neither yes, no nor the day of the check") from None
