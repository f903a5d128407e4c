"""An order of two groups from a private list, worked out: what the tests of this folder begin with."""

import sqlalchemy as sa

from marketplace.orders.models import CycleSource
from marketplace.orders.operations import fix_cycle
from marketplace.organisations.models import Kind, MemberRole
from marketplace.outbox import OutboxEntry
from tests.factories import (
    make_booking,
    make_cycle,
    make_cycle_group,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_private_list,
    make_user,
)
from tests.support.mails import mails


class House:
    """Two groups, a household in each, oranges by weight and jars; ``closed`` is when the order is worked out."""

    def __init__(self, session, *, email="fattoria@example.org"):
        self.session = session
        self.group = make_organisation(session, kinds=(Kind.BUYING_GROUP,), name="GAS del Borgo")
        self.other = make_organisation(session, kinds=(Kind.BUYING_GROUP,), name="GAS del Porto")
        self.referente, self.member, self.neighbour = (make_user(session) for _ in range(3))
        make_membership(session, self.referente, self.group, MemberRole.EDITOR)
        make_membership(session, self.member, self.group, MemberRole.MEMBER)
        make_membership(session, self.neighbour, self.other, MemberRole.EDITOR)
        self.household = make_household(session, self.group, self.member, name="Famiglia Ombrosa")
        self.far = make_household(session, self.other, self.neighbour, name="Famiglia Lontana")
        kept = make_private_list(session, self.group, supplier_name="Agrumeto dello Ionio")
        self.cycle = make_cycle(
            session,
            self.group,
            title="Arance di dicembre",
            coordinator_id=self.referente.id,
            sources=[
                CycleSource(
                    name="Agrumeto dello Ionio",
                    email=email,
                    vat_number="01234567897",
                    private_list_id=kept.id,
                )
            ],
        )
        self.cycle.groups[0].referente_id = self.referente.id
        make_cycle_group(session, self.cycle, self.other)
        self.oranges = make_cycle_product(session, self.cycle, title="Arance", price=13_333, code="=A1")
        self.jars = make_cycle_product(session, self.cycle, title="Marmellata", unit="jar", price=45_000)
        make_booking(session, self.cycle, self.household, self.oranges, 4500)
        make_booking(session, self.cycle, self.household, self.jars, 3000)
        make_booking(session, self.cycle, self.far, self.oranges, 3000)
        session.commit()
        self.source = self.cycle.sources[0]
        self.closed = self.cycle.closes_at

    def fix(self):
        fix_cycle(self.session, self.cycle.id, now=self.closed)
        self.session.execute(sa.delete(OutboxEntry))
        self.session.commit()
        return self

    def mails(self):
        return mails(self.session)
