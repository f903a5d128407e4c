"""What is written at the table: once, traceable, and by those who hand out."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.delivery.access import hands_in
from marketplace.delivery.actions import Action, Kind
from marketplace.delivery.operations import CORRECTED, MOVED, REFUSED, mark_delivered, record_actions
from marketplace.delivery.outcomes import Outcome
from marketplace.delivery.queries import events_of, place_lists
from marketplace.errors import Conflict, NotAllowed, NotFound
from marketplace.households.models import GroupSettings
from marketplace.orders.booking_models import Allotment, Submission
from marketplace.orders.queries import totals_of
from marketplace.outbox import OutboxEntry, Topic
from tests.marketplace.delivery.house import EVENING


def do(house, person, *actions, now=EVENING):
    return record_actions(house.session, person, house.cycle.id, actions, now=now)


def verbs(house, verb):
    return house.session.scalars(sa.select(AuditEvent).where(AuditEvent.verb == verb)).all()


def test_a_weight_a_missing_piece_and_a_bottle_returned_change_the_total_at_once(house):
    rossi = house.baskets["Rossi"].id
    assert totals_of(house.session, house.cycle)[rossi].amount == 1250 + 1200 + 540 + 150
    answers = do(
        house,
        house.people["Bianchi"],
        Action("a", Kind.WEIGHT, rossi, house.cheese.id, 437),
        Action("b", Kind.DELIVERED, rossi, house.milk.id, 2000),
        Action("c", Kind.RETURNED, rossi, house.milk.id, 4, seen=0),
        Action("d", Kind.TICK, rossi, house.apples.id, 1, seen=0),
    )
    assert {answer.outcome for answer in answers} == {Outcome.DONE}
    # 437 g at 15 euros, two bottles, two deposits and four back
    assert totals_of(house.session, house.cycle)[rossi].amount == 1250 + 656 + 360 + 100 - 200
    given = house.session.get(Allotment, (house.apples.id, rossi))
    assert (given.ticked_at, given.ticked_by_id) == (EVENING, house.people["Bianchi"].id)


def test_what_is_sent_twice_is_done_once_and_answered_alike(house):
    rossi, bianchi = house.baskets["Rossi"].id, house.baskets["Bianchi"].id
    given = Action("m", Kind.MOVE, rossi, house.apples.id, 1000, to=bianchi)
    assert do(house, house.referente, given, given) == do(house, house.referente, given) * 2
    lines = {id_: house.session.get(Allotment, (house.apples.id, id_)).delivered for id_ in (rossi, bianchi)}
    assert lines == {rossi: 1500, bianchi: 3500}
    # recorded on both sides
    assert {(row.subject_id, row.details["by"], row.details["other"]) for row in verbs(house, MOVED)} == {
        (rossi, -1000, bianchi),
        (bianchi, 1000, rossi),
    }
    assert do(house, house.people["Bianchi"], given)[0].outcome is Outcome.NOT_FOUND


def test_a_box_goes_to_a_household_that_had_ordered_none_with_its_weight(house):
    rossi, bianchi = house.baskets["Rossi"].id, house.baskets["Bianchi"].id
    do(house, house.referente, Action("w", Kind.WEIGHT, rossi, house.cheese.id, 800))
    do(house, house.referente, Action("m", Kind.MOVE, rossi, house.cheese.id, 2000, to=bianchi))
    found = totals_of(house.session, house.cycle)
    assert (found[bianchi].goods, found[rossi].goods) == (1250 + 1200, 1250 + 540)
    refused = do(house, house.referente, Action("n", Kind.MOVE, rossi, house.cheese.id, 1000, to=bianchi))
    assert refused[0].outcome is Outcome.INVALID


def test_of_two_who_wrote_something_else_the_first_stays_and_the_second_is_told(house):
    rossi = house.baskets["Rossi"].id
    do(house, house.people["Bianchi"], Action("a", Kind.WEIGHT, rossi, house.cheese.id, 437))
    late = do(house, house.referente, Action("b", Kind.WEIGHT, rossi, house.cheese.id, 512))[0]
    assert (late.outcome, late.now, late.by) == (Outcome.CONFLICT, 437, house.people["Bianchi"].id)
    (kept,) = verbs(house, REFUSED)
    assert (kept.actor_id, kept.details["before"], kept.details["after"]) == (house.referente.id, 437, 512)
    # what the same phone did after it had not seen what stands there either
    chained = Action("c", Kind.WEIGHT, rossi, house.cheese.id, 500, seen=None, after="b")
    assert do(house, house.referente, chained)[0].outcome is Outcome.CONFLICT
    own = Action("d", Kind.WEIGHT, rossi, house.cheese.id, 440, seen=None, after="a")
    assert do(house, house.people["Bianchi"], own)[0].outcome is Outcome.DONE
    assert (
        do(house, house.referente, Action("e", Kind.WEIGHT, rossi, house.cheese.id, 440))[0].outcome
        is Outcome.ALREADY
    )


def test_who_hands_out_where(house):
    verdi, rossi = house.baskets["Verdi"].id, house.baskets["Rossi"].id
    tick = Action("t", Kind.COLLECTED, verdi, wanted=1, seen=0)
    with pytest.raises(NotFound):
        do(house, house.people["Rossi"], tick)
    assert do(house, house.people["Bianchi"], tick)[0].outcome is Outcome.NOT_FOUND
    move = Action("u", Kind.MOVE, rossi, house.apples.id, 500, to=verdi)
    assert do(house, house.people["Bianchi"], move)[0].outcome is Outcome.NOT_FOUND
    stranger, theirs = house.another_group()
    assert do(house, stranger, tick)[0].outcome is Outcome.NOT_FOUND
    assert (
        do(house, house.referente, Action("v", Kind.COLLECTED, theirs.id, wanted=1, seen=0))[0].outcome
        is Outcome.NOT_FOUND
    )
    assert house.session.scalar(sa.select(sa.func.count(Submission.key))) == 0
    for later in (timedelta(days=-2), timedelta(days=3)):
        with pytest.raises(NotFound):
            do(house, house.people["Bianchi"], tick, now=EVENING + later)
    assert do(house, house.referente, tick)[0].outcome is Outcome.DONE


def test_who_is_on_shift_sees_names_and_products_but_no_notes_and_no_other_place(house):
    house.another_group()
    hands = hands_in(house.session, house.people["Bianchi"], house.cycle.id, EVENING)
    (listed,) = place_lists(house.session, hands)
    assert [row.household.name for row in listed.rows] == ["Bianchi", "Rossi"]
    assert [row.notes for row in listed.rows] == [[], []]
    assert {line.note for row in listed.rows for line in row.lines} == {""}
    assert listed.shows_money
    house.session.add(GroupSettings(organisation_id=house.group.id, keeps_accounts=True))
    house.session.commit()
    (listed,) = place_lists(house.session, hands)
    assert not listed.shows_money
    paid = Action("p", Kind.PAID, house.baskets["Rossi"].id, wanted=3000)
    assert do(house, house.referente, paid)[0].outcome is Outcome.INVALID
    hands = hands_in(house.session, house.referente, house.cycle.id, EVENING)
    sala, garage = place_lists(house.session, hands)
    assert [row.household.name for row in garage.rows] == ["Verdi"]
    assert sala.rows[1].notes == ["celiaca"]
    assert {line.note for line in sala.rows[1].lines} == {"", "senza crosta"}


def test_once_delivered_what_changes_is_a_correction_with_who_and_when(house):
    with pytest.raises(NotAllowed):
        mark_delivered(house.session, house.people["Bianchi"], house.cycle.id, now=EVENING)
    house.session.rollback()
    assert mark_delivered(house.session, house.referente, house.cycle.id, now=EVENING) is True
    assert mark_delivered(house.session, house.referente, house.cycle.id, now=EVENING) is False
    mails = house.session.scalars(sa.select(OutboxEntry).where(OutboxEntry.topic == Topic.MAIL)).all()
    # one when it was closed, and now the referente and three households
    assert len(mails) == 1 + 4
    rossi = house.baskets["Rossi"].id
    do(house, house.people["Bianchi"], Action("t", Kind.TICK, rossi, house.apples.id, 1, seen=0))
    (event,) = verbs(house, CORRECTED)
    assert (event.actor_id, event.at, event.details["kind"]) == (house.people["Bianchi"].id, EVENING, "tick")
    assert events_of(house.session, [house.cycle.groups[0].id])[0].household == "Rossi"
    house.cycle.settled_at = EVENING
    house.session.commit()
    with pytest.raises(Conflict) as refused:
        do(house, house.referente, Action("x", Kind.COLLECTED, rossi, wanted=1, seen=0))
    assert refused.value.code == "settled"
