"""An outcome: what happened elsewhere, recorded once, put right with a trace; whoever answered is told."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.choosing import outcome_operations
from marketplace.choosing.models import Outcome, OutcomeKind
from marketplace.choosing.outcome_values import AwardValues, OutcomeValues, faults, is_cig
from marketplace.demands.models import DemandType
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.organisations.models import Kind, MemberRole
from marketplace.outbox import OutboxEntry
from tests.answer_factories import make_proposal
from tests.factories import NOW, make_demand, make_membership, make_organisation, make_user
from tests.marketplace.choosing.market import LATER, carrots, make_grower, make_quotes, make_town
from tests.support.mails import mails
from tests.support.people import people_of

NOTHING = OutcomeValues(OutcomeKind.NONE, "Nessun preventivo era adatto.")


def awarded(*awards, **overrides):
    values = {"act_number": "12", "act_date": date(2026, 11, 20), "cig": "B1234567AF", "awards": awards}
    return OutcomeValues(OutcomeKind.AWARDED, **values | overrides)


def to(organisation, **overrides):
    return AwardValues(organisation.id, organisation.name, **overrides)


@pytest.fixture
def town(session):
    return make_town(session)


@pytest.fixture
def people(app, session, town):
    return people_of(app, session, town)


@pytest.fixture
def answered(session, town):
    """A demand with two answers; their owners have addresses."""
    demand = make_quotes(session, town)
    suppliers = [make_grower(session, name) for name in ("Scelta", "Altra")]
    for supplier in suppliers:
        make_membership(
            session,
            make_user(session, email=f"{supplier.name.lower()}@example.org"),
            supplier,
            MemberRole.OWNER,
        )
    proposals = [make_proposal(session, demand, supplier) for supplier in suppliers]
    return demand, suppliers, proposals


def told_by_address(session):
    return {mail["to"]: mail["text"] for mail in mails(session)}


def test_chosen_and_not_chosen_are_told_each_its_own(session, people, answered):
    demand, (chosen, _other), (_first, second) = answered
    outcome_operations.record_outcome(
        session,
        people.persons["editor"],
        demand,
        awarded(to(chosen, amount=20_000)),
        {second.id: "Prezzo più alto."},
        now=LATER,
    )
    told = told_by_address(session)
    assert "Prezzo più alto." in told["altra@example.org"]
    assert "Prezzo più alto." not in told["scelta@example.org"]
    assert "12" in told["scelta@example.org"]
    assert second.not_chosen_because == "Prezzo più alto."
    assert (
        session.scalar(sa.select(AuditEvent.verb).where(AuditEvent.verb.like("outcome.%")))
        == "outcome.recorded"
    )


def test_an_outcome_is_kept_once_and_put_right_with_what_was_before(session, people, answered):
    demand, (chosen, other), (first, second) = answered
    editor = people.persons["editor"]
    record = outcome_operations.record_outcome
    record(session, editor, demand, awarded(to(chosen, amount=20_000)), {second.id: "Più caro."}, now=LATER)
    session.execute(sa.delete(OutboxEntry))
    record(session, editor, demand, awarded(to(chosen, amount=21_000)), {second.id: "Più caro."}, now=LATER)
    assert told_by_address(session) == {}
    record(
        session, editor, demand, awarded(to(other, amount=21_000)), {first.id: "Ha rinunciato."}, now=LATER
    )
    assert set(told_by_address(session)) == {"scelta@example.org", "altra@example.org"}
    assert session.scalar(sa.select(sa.func.count(Outcome.id))) == 1
    event = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.verb == "outcome.corrected").order_by(AuditEvent.id)
    ).first()
    assert event.details["before"]["awards"][0]["amount"] == 20_000
    assert (first.not_chosen_because, second.not_chosen_because) == ("Ha rinunciato.", "")


def test_the_same_outcome_sent_again_leaves_no_trace(session, people, answered):
    demand, (chosen, _other), (_first, second) = answered
    editor, same = people.persons["editor"], awarded(to(chosen, amount=20_000))
    kept = outcome_operations.record_outcome(session, editor, demand, same, {second.id: "Caro."}, now=LATER)
    award = kept.awards[0].id
    session.execute(sa.delete(OutboxEntry))
    again = outcome_operations.record_outcome(session, editor, demand, same, {second.id: "Caro."}, now=LATER)
    assert (again.id, again.awards[0].id) == (kept.id, award)
    assert told_by_address(session) == {}
    events = sa.select(sa.func.count(AuditEvent.id)).where(AuditEvent.verb.startswith("outcome."))
    assert session.scalar(events) == 1
    outcome_operations.record_outcome(session, editor, demand, same, {second.id: "Tardi."}, now=LATER)
    assert session.scalar(events) == 2


def test_without_an_outcome_everybody_is_told_why(session, people, answered):
    demand, _suppliers, _proposals = answered
    outcome_operations.record_outcome(session, people.persons["editor"], demand, NOTHING, {}, now=LATER)
    assert all("Nessun preventivo era adatto." in text for text in told_by_address(session).values())
    assert len(told_by_address(session)) == 2


def test_a_public_body_says_to_each_why_it_was_not_chosen(session, people, answered):
    demand, (chosen, _other), (_first, second) = answered
    with pytest.raises(Invalid) as refused:
        outcome_operations.record_outcome(
            session, people.persons["editor"], demand, awarded(to(chosen)), {}, now=LATER
        )
    assert refused.value.field == f"because-{second.id}"


def test_nothing_is_recorded_while_answers_are_sealed(session, people, answered):
    demand, (chosen, _other), _proposals = answered
    with pytest.raises(Conflict) as refused:
        outcome_operations.record_outcome(
            session,
            people.persons["editor"],
            demand,
            awarded(to(chosen)),
            {},
            now=demand.closes_at - timedelta(milliseconds=1),
        )
    assert refused.value.code == "answers_sealed"


def test_who_did_not_answer_is_chosen_by_name_only(session, people, answered):
    demand, _suppliers, proposals = answered
    stranger = make_grower(session, "Fuori")
    because = {proposal.id: "Altri." for proposal in proposals}
    with pytest.raises(Invalid) as refused:
        outcome_operations.record_outcome(
            session, people.persons["editor"], demand, awarded(to(stranger)), because, now=LATER
        )
    assert refused.value.code == "not_here"
    kept = outcome_operations.record_outcome(
        session,
        people.persons["editor"],
        demand,
        awarded(AwardValues(None, "Ditta Esterna", "01234567890")),
        because,
        now=LATER,
    )
    assert kept.awards[0].name == "Ditta Esterna"


@pytest.mark.parametrize("who", ["stranger", "member"])
def test_nobody_but_the_buyer_records(session, people, answered, who):
    with pytest.raises(NotFound):
        outcome_operations.record_outcome(session, people.persons[who], answered[0], NOTHING, {}, now=LATER)


def test_a_notice_elsewhere_ends_elsewhere(session, town, people):
    demand = make_quotes(session, town, type=DemandType.NOTICE_ELSEWHERE)
    with pytest.raises(NotFound):
        outcome_operations.record_outcome(session, people.persons["editor"], demand, NOTHING, {}, now=LATER)


@pytest.mark.parametrize("type_", [DemandType.CO_DESIGN, DemandType.MARKET_CONSULTATION])
def test_a_board_and_a_consultation_tell_in_words_what_came_of_it(session, town, people, type_):
    demand = make_quotes(session, town, type=type_)
    editor = people.persons["editor"]
    with pytest.raises(Invalid) as refused:
        outcome_operations.record_outcome(
            session, editor, demand, awarded(AwardValues(None, "Uno"), reason="Patto firmato."), {}, now=LATER
        )
    assert refused.value.code == "no_award"
    told = OutcomeValues(OutcomeKind.AWARDED, "Patto firmato.")
    assert outcome_operations.record_outcome(session, editor, demand, told, {}, now=LATER).reason


def test_a_group_records_without_act_and_reasons(app, session):
    group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
    people = people_of(app, session, group)
    demand, supplier = make_demand(session, group, lots=(carrots(),)), make_grower(session)
    make_proposal(session, demand, supplier)
    values = OutcomeValues(OutcomeKind.AWARDED, awards=(to(supplier),))
    assert outcome_operations.record_outcome(session, people.persons["owner"], demand, values, {}, now=NOW).id


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("B1234567AF", True),
        ("Z1A2B3C4D5", True),
        ("0000000000", False),
        ("B123", False),
        ("b1234567af", False),
    ],
)
def test_what_looks_like_a_cig(text, good):
    assert is_cig(text) is good


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (awarded(), "awards"),
        (awarded(AwardValues(None, "")), "awards-0-name"),
        (awarded(AwardValues(None, "A", lot_id=9)), "awards-0-lot"),
        (awarded(AwardValues(None, "A"), cig="123"), "cig"),
        (awarded(AwardValues(None, "A"), act_date=date(2026, 12, 1)), "act_date"),
        (awarded(AwardValues(None, "A"), act_number=""), "act_number"),
        (OutcomeValues(OutcomeKind.NONE), "reason"),
    ],
)
def test_each_fault_names_its_field(values, field):
    found = faults(values, DemandType.QUOTE_REQUEST, lot_ids={1}, not_chosen={}, today=date(2026, 11, 22))
    assert [fault.field for fault in found] == [field]


def test_the_form_records_and_everybody_reads_it_but_not_the_reasons(session, people, answered):
    demand, (chosen, _other), (_first, second) = answered
    session.commit()
    path = f"/demands/{demand.id}/outcome"
    assert people.anonymous.get(path).status_code == 404
    assert people.stranger.get(f"{path}/edit").status_code == 404
    sent = {
        "kind": "awarded",
        "act_number": "34/2026",
        "act_date": "2026-11-21",
        "cig": "b1 234567af",
        "awards-0-supplier": str(chosen.id),
        "awards-0-lot": str(demand.lots[0].id),
        "awards-0-amount": "1.234,50",
        f"because-{second.id}": "Consegna troppo tardi.",
    }
    refused = people.editor.post(f"{path}/edit", data=sent | {"cig": "12"})
    assert "dieci lettere e cifre" in refused.text
    assert people.editor.post(f"{path}/edit", data=sent).status_code == 302
    page = people.anonymous.get(path).text
    assert "34/2026" in page
    assert "B1234567AF" in page
    assert "1.234,50\xa0€" in page
    assert "Consegna troppo tardi." not in page
    assert "Consegna troppo tardi." in people.editor.get(f"{path}/edit").text


def test_the_outcome_of_a_group_is_its_own(app, session):
    group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
    people = people_of(app, session, group)
    demand = make_demand(session, group, lots=(carrots(),))
    session.add(Outcome(demand_id=demand.id, kind="none", reason="Trovato altrove.", recorded_at=NOW))
    session.commit()
    assert people.editor.get(f"/demands/{demand.id}/outcome").status_code == 200
    assert people.stranger.get(f"/demands/{demand.id}/outcome").status_code == 404
