"""Phones that come back into the network at the same instant, on both databases."""

from collections import Counter
from types import SimpleNamespace

import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.audit import AuditEvent
from marketplace.db import db, writing
from marketplace.delivery.actions import Action, Kind
from marketplace.delivery.operations import MOVED, REFUSED, record_actions
from marketplace.delivery.outcomes import Outcome
from marketplace.orders.booking_models import Allotment
from tests.marketplace.delivery.house import EVENING, House
from tests.marketplace.orders.racing import Race


def test_the_same_box_moves_once_and_of_several_weights_one_stays(fresh_app):
    with fresh_app.app_context(), writing():
        house = House(db.session)
        cycle, apples, cheese = house.cycle.id, house.apples.id, house.cheese.id
        rossi, bianchi = (house.baskets[name].id for name in ("Rossi", "Bianchi"))
        people = [house.referente.id, house.people["Bianchi"].id]

    def sending(person, action):
        def send(session):
            return record_actions(session, session.get_one(User, person), cycle, [action], now=EVENING)[
                0
            ].outcome

        return send

    move = Action("m", Kind.MOVE, rossi, apples, 1000, to=bianchi)
    weights = [Action(f"w{number}", Kind.WEIGHT, rossi, cheese, 400 + number) for number in range(4)]
    outcomes = Race.at_once(
        SimpleNamespace(app=fresh_app),
        *(sending(people[0], move) for _ in range(4)),
        *(sending(people[number % 2], action) for number, action in enumerate(weights)),
    )
    assert outcomes[:4] == [Outcome.DONE] * 4
    assert Counter(outcomes[4:]) == {Outcome.DONE: 1, Outcome.CONFLICT: 3}
    with fresh_app.app_context():
        lines = {id_: db.session.get_one(Allotment, (apples, id_)).delivered for id_ in (rossi, bianchi)}
        assert lines == {rossi: 1500, bianchi: 3500}
        verbs = Counter(db.session.scalars(sa.select(AuditEvent.verb)))
        assert (verbs[MOVED], verbs[REFUSED]) == (2, 3)
