"""An open order of as many products as a large group offers, with what one household has booked of it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.organisations.models import Kind, MemberRole
from tests.factories import (
    make_booking,
    make_cycle,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_user,
)

PRODUCTS = 80


def large_order(session: Session, now: datetime) -> tuple[User, str]:
    """The household's person, and the address of the page on which they book; committed."""
    group, person = make_organisation(session, kinds=(Kind.BUYING_GROUP,)), make_user(session)
    make_membership(session, person, group, MemberRole.MEMBER)
    household = make_household(session, group, person, name="Famiglia Ombrosa")
    cycle = make_cycle(
        session, group, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=7)
    )  # fmt: skip
    for number in range(PRODUCTS):
        product = make_cycle_product(
            session, cycle, title=f"Formaggio di malga stagionato {number} mesi", variant=f"forma {number}",
            box_size=6000, price=50_000 + 37 * number,
        )  # fmt: skip
        if number % 4 == 0:
            make_booking(session, cycle, household, product, 1500, note="ben stagionato")
    session.commit()
    return person, f"/orders/{cycle.id}/book"
