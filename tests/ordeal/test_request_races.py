"""Two web processes at one instant: an outcome, a frozen list, an answer taken back at its deadline, a form sent twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.audit import AuditEvent
from marketplace.choosing.freezing import digest
from marketplace.choosing.list_operations import freeze_list
from marketplace.choosing.models import Award, FrozenList, Outcome, OutcomeKind
from marketplace.choosing.outcome_operations import record_outcome
from marketplace.choosing.outcome_values import AwardValues, OutcomeValues
from marketplace.db import db, writing
from marketplace.demands.models import Demand
from marketplace.errors import Conflict
from marketplace.organisations.models import Organisation
from marketplace.proposals.answer_values import AnswerValues, LineValues
from marketplace.proposals.models import Proposal
from marketplace.proposals.operations import save_proposal, withdraw_proposal
from tests.answer_factories import make_proposal
from tests.factories import NOW, make_membership, make_user
from tests.marketplace.choosing.market import LATER, make_grower, make_quotes, make_town
from tests.marketplace.demands.needs_filled import need_data
from tests.support.mails import mails
from tests.support.people import browser_of

ROUNDS = 10
MOMENT = timedelta(milliseconds=1)


class TwoProcesses:
    """Two applications on one database, as two web processes are; a town, its clerk, and two growers."""

    def __init__(self, make_app):
        self.apps = [make_app(), make_app()]
        with self.apps[0].app_context(), writing():
            session = db.session
            town = make_town(session, slug="comune")
            clerk, growers = make_user(session), [make_grower(session) for _ in range(2)]
            make_membership(session, clerk, town)
            editors = [make_user(session) for _ in growers]
            for editor, grower in zip(editors, growers, strict=True):
                make_membership(session, editor, grower)
            self.town, self.clerk = town.id, clerk.id
            self.growers, self.editors = [one.id for one in growers], [one.id for one in editors]
            session.commit()

    def asked(self) -> tuple[int, list[int]]:
        """A new request that both have answered; it closed before LATER."""
        with self.apps[0].app_context(), writing():
            session = db.session
            demand = make_quotes(session, session.get_one(Organisation, self.town))
            answers = [
                make_proposal(session, demand, session.get_one(Organisation, grower))
                for grower in self.growers
            ]
            ids = demand.id, [answer.id for answer in answers]
            session.commit()
            return ids

    def at_once(self, *tasks) -> list:
        """What each task (a function of a session) answered or raised, each in a process of its own."""
        barrier = Barrier(len(tasks))

        def run(app, task):
            with app.test_request_context():
                barrier.wait(30)
                try:
                    with writing():
                        return task(db.session)
                except Conflict as refused:
                    db.session.rollback()
                    return refused

        with ThreadPoolExecutor(len(tasks)) as pool:
            return list(pool.map(run, self.apps, tasks))

    def reading(self, task):
        with self.apps[0].app_context():
            return task(db.session)


@pytest.fixture
def two(make_fresh_app):
    return TwoProcesses(make_fresh_app)


def test_of_two_outcomes_at_once_one_is_recorded_and_the_other_puts_it_right(two):
    def recording(demand_id, winner):
        def run(session):
            demand, grower = (
                session.get_one(Demand, demand_id),
                session.get_one(Organisation, two.growers[winner]),
            )
            values = OutcomeValues(
                OutcomeKind.AWARDED,
                act_number=str(winner),
                act_date=NOW.date(),
                awards=(AwardValues(grower.id, grower.name),),
            )
            because = dict.fromkeys(answers, "L'altro costa meno.")
            record_outcome(session, session.get_one(User, two.clerk), demand, values, because, now=LATER)
            return winner

        return run

    for _ in range(ROUNDS):
        demand_id, answers = two.asked()
        assert two.at_once(recording(demand_id, 0), recording(demand_id, 1)) == [0, 1]

        def kept(session, demand_id=demand_id):
            outcome = session.scalars(sa.select(Outcome).where(Outcome.demand_id == demand_id)).one()
            awards = session.scalars(sa.select(Award).where(Award.outcome_id == outcome.id)).all()
            verbs = session.scalars(
                sa.select(AuditEvent.verb)
                .where(AuditEvent.subject == "demand", AuditEvent.subject_id == demand_id)
                .order_by(AuditEvent.id)
            ).all()
            return outcome.act_number, [award.organisation_id for award in awards], verbs

        act, winners, verbs = two.reading(kept)
        assert winners == [two.growers[int(act)]]
        assert verbs == ["outcome.recorded", "outcome.corrected"]


def test_two_lists_frozen_at_once_are_both_whole(two):
    def freezing(session):
        demand = session.get_one(Demand, demand_id)
        return freeze_list(session, session.get_one(User, two.clerk), demand, now=LATER).id

    for _ in range(ROUNDS):
        demand_id, _answers = two.asked()
        assert len(set(two.at_once(freezing, freezing))) == 2
        lists = two.reading(
            lambda session, demand_id=demand_id: session.execute(
                sa.select(FrozenList.content, FrozenList.sha256).where(FrozenList.demand_id == demand_id)
            ).all()
        )
        assert [digest(content.encode()) for content, _ in lists] == [sha256 for _, sha256 in lists]
        assert len({sha256 for _, sha256 in lists}) == 1


def test_at_the_deadline_an_answer_is_taken_back_or_sealed_and_never_half_of_both(two):
    def named(session, id_):
        return session.get_one(Organisation, id_).slug

    for _ in range(ROUNDS):
        demand_id, (answer_id, _other) = two.asked()
        closes_at, lot_id, version = two.reading(
            lambda session, d=demand_id, a=answer_id: (
                session.get_one(Demand, d).closes_at,
                session.get_one(Demand, d).lots[0].id,
                session.get_one(Proposal, a).version,
            )
        )

        def taking_back(now, demand_id=demand_id):
            def run(session):
                editor = session.get_one(User, two.editors[0])
                return withdraw_proposal(session, editor, demand_id, named(session, two.growers[0]), now=now)

            return run

        def changing(session, demand_id=demand_id, lot_id=lot_id, version=version, now=closes_at - MOMENT):
            values = AnswerValues(lines=(LineValues(lot_id, price=11, vat_rate=400),))
            editor, slug = session.get_one(User, two.editors[0]), named(session, two.growers[0])
            return save_proposal(
                session, editor, demand_id, slug, values, version=version, hand_in=True, now=now
            ).id

        late, _changed = two.at_once(taking_back(closes_at), changing)
        assert isinstance(late, Conflict)
        version = two.reading(lambda session, a=answer_id: session.get_one(Proposal, a).version)
        back, changed = two.at_once(
            taking_back(closes_at - MOMENT), lambda session, v=version: changing(session, version=v)
        )
        withdrawn, price = two.reading(
            lambda session, a=answer_id: (
                session.get_one(Proposal, a).withdrawn_at,
                session.get_one(Proposal, a).lines[0].price,
            )
        )
        assert back is None
        assert withdrawn is not None
        assert price == 11
        assert changed == answer_id or changed.code == "changed_meanwhile"


def test_a_form_sent_twice_at_once_is_one_request(two):
    with two.apps[0].app_context():
        clerk = db.session.get_one(User, two.clerk)
        browsers = [browser_of(app, clerk) for app in two.apps]
    for number in range(ROUNDS):
        sent = need_data(
            profile="public",
            title=f"Carote {number}",
            sending=f"n{number}",
            closes_at="2031-05-31T12:00",
            fit="4",
            proximity="0",
            values="4",
            price="2",
        )
        barrier = Barrier(2)

        def send(browser, sent=sent, barrier=barrier):
            barrier.wait(30)
            return browser.post("/organisations/comune/demands/new?type=quote_request", data=sent)

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(send, browsers))
        assert [answer.status_code for answer in answers] == [302, 302]
        assert answers[0].location == answers[1].location
    titles = two.reading(lambda session: session.scalars(sa.select(Demand.title)).all())
    assert sorted(titles) == sorted(f"Carote {number}" for number in range(ROUNDS))
    assert two.reading(lambda session: len(mails(session))) == 0
