"""A group with two places and three households, whose order is shared out and about to be handed out."""

from datetime import timedelta

import sqlalchemy as sa

from marketplace.orders.booking_models import Basket
from marketplace.orders.models import PickupPlace, Shift
from marketplace.orders.operations import fix_cycle
from marketplace.organisations.models import Kind, MemberRole
from tests.factories import (
    NOW,
    make_booking,
    make_cycle,
    make_cycle_group,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_user,
)

#: The evening of the delivery.
EVENING = NOW + timedelta(days=9)


class House:
    """Rossi and Bianchi collect at the Sala, Verdi at the Garage; Bianchi is on shift at the Sala that evening."""

    def __init__(self, session):
        self.session = session
        self.group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
        self.referente = make_user(session, name="Anna")
        make_membership(session, self.referente, self.group, MemberRole.EDITOR)
        self.people = {name: make_user(session, name=f"{name} uno") for name in ("Rossi", "Bianchi", "Verdi")}
        self.households = {}
        for name, person in self.people.items():
            make_membership(session, person, self.group, MemberRole.MEMBER)
            self.households[name] = make_household(session, self.group, person, name=name)
        self.cycle = make_cycle(session, self.group, coordinator_id=self.referente.id)
        self.sala = self.cycle.groups[0].places[0]
        self.garage = PickupPlace(group_id=self.cycle.groups[0].id, name="Garage", position=1)
        session.add(self.garage)
        session.flush()
        self.apples = make_cycle_product(session, self.cycle, title="Mele", position=1)
        self.cheese = make_cycle_product(
            session, self.cycle, title="Formaggio", unit="piece", price=150_000, piece_weight=400, position=2
        )
        self.milk = make_cycle_product(
            session, self.cycle, title="Latte", unit="bottle", price=18_000, deposit=50, position=3
        )
        for name in self.households:
            make_booking(session, self.cycle, self.households[name], self.apples, 2500)
        make_booking(session, self.cycle, self.households["Rossi"], self.cheese, 2000, note="senza crosta")
        make_booking(session, self.cycle, self.households["Rossi"], self.milk, 3000)
        self.baskets = {
            name: session.scalar(sa.select(Basket).where(Basket.household_id == household.id))
            for name, household in self.households.items()
        }
        self.baskets["Rossi"].note = "celiaca"
        self.baskets["Verdi"].place_id = self.garage.id
        self.baskets["Rossi"].place_id = self.sala.id
        session.add(
            Shift(
                place_id=self.sala.id,
                household_id=self.households["Bianchi"].id,
                starts_at=EVENING,
                ends_at=EVENING + timedelta(hours=2),
            )
        )
        session.commit()
        fix_cycle(session, self.cycle.id, now=self.cycle.closes_at)

    def another_group(self):
        """Its referente, and a basket of it in the same order."""
        other = make_organisation(self.session, kinds=(Kind.BUYING_GROUP,))
        person = make_user(self.session)
        make_membership(self.session, person, other, MemberRole.EDITOR)
        make_cycle_group(self.session, self.cycle, other)
        household = make_household(self.session, other, name="Altrove")
        make_booking(self.session, self.cycle, household, self.apples, 1000)
        self.session.commit()
        return person, self.session.scalar(sa.select(Basket).where(Basket.household_id == household.id))
