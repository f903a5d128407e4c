"""A public request and its outcome as a release of the Open Contracting Data Standard 1.1. Pure.

The field names are those of OCDS 1.1.5. What the official release of ANAC's own data would say is not ours to say: every
release and the package itself state that they are unofficial.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal

from marketplace.demands.lifecycle import State
from marketplace.demands.models import DemandType
from marketplace.money import CENTS_PER_EURO, PRICE_UNITS_PER_EURO, QUANTITY_UNITS
from marketplace.open_data.units import UNCEFACT
from marketplace.open_data.values import Body, PublicAward, PublicLot, PublicOutcome, PublicRequest
from marketplace.rome_time import ROME

VERSION = "1.1"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
UNOFFICIAL = "Pubblicazione non ufficiale del distretto: i dati ufficiali sono quelli della stazione appaltante e di ANAC."
DEMONSTRATION = "Dati dimostrativi: organizzazioni e richieste inventate."

#: Types without an award of a contract: information is gathered, or partners are looked for (artt. 55-56, 77).
_PLANNING = frozenset({DemandType.MARKET_CONSULTATION, DemandType.CO_DESIGN})
_METHODS = {
    DemandType.QUOTE_REQUEST: ("direct", "Affidamento diretto con richiesta di preventivi"),
    DemandType.SOCIAL_COOP_AGREEMENT: (
        "limited",
        "Convenzione con cooperative sociali di tipo B, art. 5 L. 381/1991",
    ),
}


def package(
    requests: Iterable[PublicRequest],
    *,
    prefix: str,
    uri: str,
    publisher: str,
    policy: str | None = None,
    following: str | None = None,
) -> dict:
    """A release package. ``uri`` is its own address, ``following`` that of the next page.

    It is dated by its newest release, so that the same content is the same package.
    """
    releases = [release(request, prefix) for request in requests]
    dates = [one["date"] for one in releases]
    found = {
        "uri": uri,
        "version": VERSION,
        "publishedDate": max(dates) if dates else _moment(datetime(1970, 1, 1, tzinfo=UTC)),
        "publisher": {"name": f"{publisher} (pubblicazione non ufficiale)"},
        "license": LICENCE,
        "publicationPolicy": policy,
        "extensions": [],
        "releases": releases,
    }
    if following:
        found["links"] = {"next": following}
    return {name: value for name, value in found.items() if value is not None}


def release(request: PublicRequest, prefix: str) -> dict:
    """The latest state of one request. Raises nothing: what is public was validated."""
    ocid = f"{prefix}-{request.id}"
    changed = _last_change(request)
    if request.state is State.WITHDRAWN:
        return _withdrawal(request, ocid, changed)
    planning = request.type in _PLANNING
    tags = ["planning"] if planning else ["tender"]
    awards = _awards(request, ocid) if request.outcome is not None else []
    if awards:
        tags.append("award")
    found = {
        "ocid": ocid,
        "id": _release_id(ocid, changed),
        "date": _moment(changed),
        "tag": tags,
        "initiationType": "tender",
        "language": "it",
        "buyer": _reference(request.buyer),
        "parties": _parties(request),
        "planning": _planning(request),
        "tender": _tender(request, ocid),
        "awards": awards,
    }
    return _without_empty(found)


def _withdrawal(request: PublicRequest, ocid: str, changed: datetime) -> dict:
    """That it was withdrawn, by whom and when: its texts were taken back with it."""
    return {
        "ocid": ocid,
        "id": _release_id(ocid, changed),
        "date": _moment(changed),
        "tag": ["tenderCancellation"],
        "initiationType": "tender",
        "language": "it",
        "buyer": _reference(request.buyer),
        "parties": _parties(request),
        "tender": {"id": f"{ocid}-tender", "status": "cancelled", "description": UNOFFICIAL},
    }


def _release_id(ocid: str, changed: datetime) -> str:
    return f"{ocid}-{changed.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _tender(request: PublicRequest, ocid: str) -> dict:
    method, details = _METHODS.get(request.type, (None, str(request.type_label)))
    outcome = request.outcome
    documents = [_document("1", "tenderNotice", request.title, request.url)]
    if request.notice_link:
        documents.append(
            _document("2", "tenderNotice", "Pagina della stazione appaltante", request.notice_link)
        )
    categories = _main_categories(request.lots)
    return _without_empty(
        {
            "id": f"{ocid}-tender",
            "title": request.title,
            "description": _description(request),
            "status": _status(request),
            "procuringEntity": _reference(request.buyer),
            "items": [_item(lot, request.budget_with_vat) for lot in request.lots],
            "value": _value(request.value),
            "procurementMethod": method,
            "procurementMethodDetails": details,
            "mainProcurementCategory": categories[0] if categories else None,
            "additionalProcurementCategories": categories[1:],
            "eligibilityCriteria": "; ".join(request.requirements),
            "eFormsCodes": [
                {
                    "scheme": f"eForms {code.partition(':')[0]}",
                    "id": code.partition(":")[2],
                    "description": label,
                }
                for code, label in request.codes
            ],
            "tenderPeriod": _period(request.published_at, request.closes_at),
            "enquiryPeriod": _period(request.published_at, request.questions_until)
            if request.questions_until
            else None,
            "awardPeriod": {"endDate": _moment(outcome.recorded_at)} if outcome is not None else None,
            "contractPeriod": _days(request.period_from, request.period_until),
            "documents": documents,
        }
    )


def _planning(request: PublicRequest) -> dict | None:
    if request.value is None:
        return None
    return {"budget": {"amount": _value(request.value), "description": "Valore stimato, IVA esclusa"}}


def _description(request: PublicRequest) -> str:
    outcome = request.outcome
    ended = [f"Esito: {outcome.reason}"] if outcome is not None and outcome.reason else []
    marked = [DEMONSTRATION] if request.demo else []
    return "\n\n".join([*filter(None, [request.description]), *ended, *marked, UNOFFICIAL])


def _status(request: PublicRequest) -> str:
    if request.state is State.OUTCOME_RECORDED:
        return "complete"
    if request.state is State.WITHOUT_OUTCOME:
        return "unsuccessful"
    return "planning" if request.type in _PLANNING else "active"


def _item(lot: PublicLot, budget_with_vat: bool) -> dict:
    unit = None
    if lot.unit:
        code = UNCEFACT.get(lot.unit)
        # a budget that includes VAT is no unit value without it: it is left out rather than guessed
        price = None if budget_with_vat or lot.budget is None else _euros(lot.budget, PRICE_UNITS_PER_EURO)
        unit = _without_empty(
            {
                "scheme": "UNCEFACT" if code else None,
                "id": code,
                "name": lot.unit_label,
                "value": {"amount": price, "currency": "EUR"} if price is not None else None,
            }
        )
    return _without_empty(
        {
            "id": str(lot.id),
            "description": lot.name,
            "classification": {"scheme": "CPV", "id": lot.cpv, "description": lot.cpv_label}
            if lot.cpv
            else None,
            "quantity": None if lot.quantity is None else _euros(lot.quantity, QUANTITY_UNITS),
            "unit": unit,
        }
    )


def _awards(request: PublicRequest, ocid: str) -> list[dict]:
    return [_award(request, request.outcome, award, ocid) for award in request.outcome.awards]


def _award(request: PublicRequest, outcome: PublicOutcome, award: PublicAward, ocid: str) -> dict:
    act = " ".join(
        filter(
            None,
            (
                f"Affidato con determina n. {outcome.act_number}" if outcome.act_number else "",
                f"del {outcome.act_date:%d/%m/%Y}" if outcome.act_date else "",
            ),
        )
    )
    lots = [lot for lot in request.lots if award.lot_id in (None, lot.id)]
    return _without_empty(
        {
            "id": f"{ocid}-award-{award.id}",
            "title": "; ".join(lot.name for lot in lots),
            "description": "; ".join(filter(None, (act, f"CIG {outcome.cig}" if outcome.cig else ""))),
            "status": "active",
            "date": _day(outcome.act_date) if outcome.act_date else _moment(outcome.recorded_at),
            "value": _value(award.amount),
            "suppliers": [_reference(award.supplier)],
            "items": [_item(lot, request.budget_with_vat) for lot in lots],
            "documents": [_document("1", "awardNotice", act or "Atto", outcome.link)] if outcome.link else [],
        }
    )


def _parties(request: PublicRequest) -> list[dict]:
    roles: dict[Body, list[str]] = {request.buyer: ["buyer", "procuringEntity"]}
    for award in request.outcome.awards if request.outcome is not None else ():
        roles.setdefault(award.supplier, [])
        if "supplier" not in roles[award.supplier]:
            roles[award.supplier].append("supplier")
    return [
        _without_empty(
            {
                **_reference(body),
                "identifier": _without_empty({"legalName": body.name, "uri": body.url}),
                "roles": held,
                "details": {"codiceFiscale": body.tax_code} if body.tax_code else None,
            }
        )
        for body, held in roles.items()
    ]


def _reference(body: Body) -> dict:
    return {"id": body.key, "name": body.name}


def _main_categories(lots: Sequence[PublicLot]) -> list[str]:
    """By CPV division: 45 is works, 50 and above are services, the rest goods; the first lot's first."""
    found = []
    for lot in lots:
        if lot.cpv:
            division = int(lot.cpv[:2])
            category = "works" if division == 45 else "services" if division >= 50 else "goods"
            if category not in found:
                found.append(category)
    return found


def _document(id_: str, kind: str, title: str, url: str) -> dict:
    return {"id": id_, "documentType": kind, "title": title, "url": url, "language": "it"}


def _value(cents: int | None) -> dict | None:
    return None if cents is None else {"amount": _euros(cents, CENTS_PER_EURO), "currency": "EUR"}


def _euros(amount: int, units: int) -> int | float:
    value = Decimal(amount) / units
    return int(value) if value == value.to_integral_value() else float(value)


def _period(start: datetime | None, end: datetime | None) -> dict | None:
    return _without_empty(
        {"startDate": _moment(start) if start else None, "endDate": _moment(end) if end else None}
    )


def _days(first: date | None, last: date | None) -> dict | None:
    found = _without_empty(
        {"startDate": _day(first) if first else None, "endDate": _day(last) if last else None}
    )
    return found or None


def _last_change(request: PublicRequest) -> datetime:
    outcome = request.outcome
    moments = (request.published_at, request.changed_at, outcome.recorded_at if outcome is not None else None)
    return max(moment for moment in moments if moment is not None)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(day: date) -> str:
    """Midnight in Rome of that day."""
    return datetime.combine(day, time(), ROME).isoformat()


def _without_empty(found: dict) -> dict:
    """OCDS leaves out what there is not, rather than writing it empty."""
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}
