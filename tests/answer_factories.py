"""Rows of questions and proposals for tests; see :mod:`tests.factories`."""

from itertools import count

from sqlalchemy.orm import Session

from marketplace.demands.models import Demand, DemandType
from marketplace.organisations.models import Organisation
from marketplace.proposals.models import Proposal, ProposalLine, Question
from tests.factories import NOW, _add

_numbers = count(1)


def make_question(session: Session, demand: Demand, organisation: Organisation, **overrides) -> Question:
    """Asked on ``NOW``, not answered yet."""
    values = {
        "demand_id": demand.id,
        "organisation_id": organisation.id,
        "text": f"Domanda {next(_numbers)}?",
        "asked_at": NOW,
    }
    return _add(session, Question(**values | overrides))


def make_proposal(
    session: Session,
    demand: Demand,
    organisation: Organisation,
    *,
    lines: tuple[dict, ...] | None = None,
    **overrides,
) -> Proposal:
    """Handed in on ``NOW``: each lot at 5,00 € by the organisation itself, unless ``lines`` (as dicts) are given."""
    per_lot = [{"lot_id": lot.id} for lot in demand.lots] if lines is None else lines
    values = {
        "demand_id": demand.id,
        "organisation_id": organisation.id,
        "message": "",
        "with_vat": demand.type in (DemandType.NEED, DemandType.WISH),
        "proofs": [],
        "created_at": NOW,
        "updated_at": NOW,
        "submitted_at": NOW,
        "lines": [
            ProposalLine(**{"organisation_id": organisation.id, "price": 50_000, "vat_rate": 1000, **line})
            for line in per_lot
        ],
    }
    return _add(session, Proposal(**values | overrides))


def make_household(session: Session, organisation: Organisation, *people: User, **overrides) -> Household:
    """A household of a group, for which ``people`` book."""
    number = next(_numbers)
    values = {"organisation_id": organisation.id, "name": f"Famiglia {number}", "created_at": NOW}
    household = _add(session, Household(**values | overrides))
    for person in people:
        _add(session, HouseholdMember(household_id=household.id, person_id=person.id))
    return household


def make_cycle(session: Session, organisation: Organisation, **overrides) -> OrderCycle:
    """An order of one group that is open on ``NOW`` and closes a week later, from one private list, without products."""
    number = next(_numbers)
    values = {
        "organisation_id": organisation.id,
        "title": f"Ordine {number}",
        "opens_at": NOW - timedelta(days=1),
        "closes_at": NOW + timedelta(days=7),
        "created_at": NOW - timedelta(days=2),
        "confirmed_at": NOW - timedelta(days=2),
        "groups": [
            CycleGroup(
                organisation_id=organisation.id,
                asked_at=NOW - timedelta(days=2),
                admitted_at=NOW - timedelta(days=2),
                places=[PickupPlace(name="Sala", position=0)],
            )
        ],
        "sources": [CycleSource(name=f"Fornitore {number}")],
    }
    return _add(session, OrderCycle(**values | overrides))


def make_cycle_group(
    session: Session, cycle: OrderCycle, organisation: Organisation, **overrides
) -> CycleGroup:
    """Another group in the cycle, admitted."""
    values = {
        "cycle_id": cycle.id,
        "organisation_id": organisation.id,
        "asked_at": NOW,
        "admitted_at": NOW,
        "places": [PickupPlace(name="Garage", position=0)],
    }
    group = _add(session, CycleGroup(**values | overrides))
    session.expire(cycle, ["groups"])
    return group


def make_cycle_product(session: Session, cycle: OrderCycle, **overrides) -> CycleProduct:
    """Something at 5,00 € a kilogram, 10 % VAT, without box or limits."""
    number = next(_numbers)
    values = {
        "cycle_id": cycle.id,
        "source_id": cycle.sources[0].id,
        "position": number,
        "title": f"Prodotto {number}",
        "unit": "kg",
        "price": 50_000,
        "vat_treatment": "vat_10",
        "vat_rate": 1000,
    }
    product = _add(session, CycleProduct(**values | overrides))
    session.expire(cycle, ["products"])
    return product


def make_booking(
    session: Session,
    cycle: OrderCycle,
    household: Household,
    product: CycleProduct,
    quantity: int = 1000,
    **overrides,
) -> Booking:
    """A booking of a household, in its basket, which is made where there is none."""
    basket = session.scalar(
        sa.select(Basket).where(Basket.cycle_id == cycle.id, Basket.household_id == household.id)
    )
    if basket is None:
        group = next(row for row in cycle.groups if row.organisation_id == household.organisation_id)
        basket = _add(
            session,
            Basket(
                cycle_id=cycle.id,
                group_id=group.id,
                household_id=household.id,
                created_at=NOW,
                updated_at=NOW,
            ),
        )
    values = {"basket_id": basket.id, "product_id": product.id, "quantity": quantity, "booked_at": NOW}
    return _add(session, Booking(**values | overrides))
