"""A purchasing group with two households and an order whose shares have been worked out."""

from datetime import timedelta

import pytest

from marketplace.households.models import GroupSettings
from marketplace.households.queries import households
from marketplace.orders.allotting import write_allotments
from marketplace.organisations.models import Kind, MemberRole, Organisation
from tests.factories import (
    NOW,
    make_booking,
    make_cycle,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_user,
)

#: When orders of these tests have been closed.
LATER = NOW + timedelta(days=8)


class Group:
    """``treasurer`` is its editor; Rossi and Bianchi are its households, ``rossi`` one of the first."""

    def __init__(self, session, **settings):
        self.session = session
        self.organisation = make_organisation(session, kinds=(Kind.BUYING_GROUP,), name="GAS Prova")
        self.id, self.slug = self.organisation.id, self.organisation.slug
        self.treasurer, self.rossi = make_user(session), make_user(session)
        make_membership(session, self.treasurer, self.organisation, MemberRole.EDITOR)
        make_membership(session, self.rossi, self.organisation, MemberRole.MEMBER)
        self.homes = [
            make_household(session, self.organisation, self.rossi, name="Rossi"),
            make_household(session, self.organisation, name="Bianchi"),
        ]
        session.add(GroupSettings(organisation_id=self.id, **settings))
        session.commit()

    def read_again(self, session):
        """In another session."""
        self.session, self.organisation = session, session.get_one(Organisation, self.id)
        self.homes = list(households(session, self.id))[::-1]

    def order(self, *, quantities=(2000, 3000), fixed=True, **product):
        """Rossi 2 kg and Bianchi 3 kg at 5,00 €/kg: 10,00 € and 15,00 €."""
        cycle = make_cycle(self.session, self.organisation, title="Arance")
        cycle.sources[0].name = "Agrumeto"
        made = make_cycle_product(self.session, cycle, **product)
        for home, quantity in zip(self.homes, quantities, strict=True):
            make_booking(self.session, cycle, home, made, quantity)
        if fixed:
            write_allotments(self.session, cycle)
            cycle.fixed_at = cycle.closes_at
        self.session.commit()
        return cycle


@pytest.fixture
def make_group(session):
    return lambda **settings: Group(session, **settings)


@pytest.fixture
def group(make_group):
    return make_group(keeps_accounts=True)
