"""Public questions: asked in time, answered by the buyer, and nobody reads who asked."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.errors import Conflict, NotFound
from marketplace.proposals import queries
from marketplace.proposals.models import Question
from marketplace.proposals.question_operations import MOST_QUESTIONS, answer_question, ask_question
from tests.answer_factories import make_proposal, make_question
from tests.factories import NOW, make_membership, make_organisation, make_user
from tests.marketplace.proposals.test_answering import LATER, World


@pytest.fixture
def world(session):
    return World(session, questions_until=NOW + timedelta(days=3))


def ask(world, text="Consegna anche di sabato?", *, now=LATER, actor=None):
    return ask_question(
        world.session, actor or world.editor, world.demand.id, world.supplier.slug, text, now=now
    )


def reply(world, question, text="Sì.", *, now=LATER, actor=None):
    return answer_question(world.session, actor or world.clerk, world.demand.id, question.id, text, now=now)


def test_the_buyer_is_told_what_was_asked_and_not_by_whom(world):
    ask(world)
    (mail,) = world.mails()
    assert mail["to"] == world.clerk.email
    assert "Consegna anche di sabato?" in mail["text"]
    assert world.supplier.name not in mail["text"] + mail["subject"]


def test_who_asked_is_in_no_row_that_others_read(world):
    ask(world)
    (mine,) = queries.questions(world.session, world.editor, world.demand.id)
    (theirs,) = queries.questions(world.session, world.clerk, world.demand.id)
    assert (mine.is_own, theirs.is_own) == (True, False)
    assert not hasattr(theirs, "organisation_id")


def test_the_same_question_sent_twice_is_one(world):
    assert ask(world).id == ask(world).id
    assert len(world.mails()) == 1


def test_questions_end_at_their_deadline_and_are_bounded(world):
    ask(world, now=world.demand.questions_until - timedelta(milliseconds=1))
    with pytest.raises(Conflict) as late:
        ask(world, "Ancora una?", now=world.demand.questions_until)
    assert late.value.code == "questions_closed"
    for _one in range(MOST_QUESTIONS):
        make_question(world.session, world.demand, world.supplier)
    with pytest.raises(Conflict) as many:
        ask(world, "Troppe?")
    assert many.value.code == "too_many_questions"


def test_strangers_members_and_the_buyer_ask_nothing(world):
    stranger = make_user(world.session)
    make_membership(world.session, stranger, make_organisation(world.session))
    for actor in (stranger, world.clerk):
        with pytest.raises(NotFound):
            ask(world, actor=actor)
    assert world.session.scalar(sa.select(sa.func.count(Question.id))) == 0


def test_the_answer_is_told_to_who_asked_and_to_who_is_answering(world):
    other, follower = make_organisation(world.session), make_user(world.session)
    make_proposal(world.session, world.demand, other, author_id=follower.id, submitted_at=None)
    question = ask(world)
    reply(world, question)
    reply(world, question)
    assert sorted(mail["to"] for mail in world.mails()[1:]) == sorted([world.editor.email, follower.email])
    assert (question.answer, question.answered_at) == ("Sì.", LATER)


def test_an_answer_can_be_put_right_until_the_deadline_by_the_buyer_alone(world):
    question = ask(world)
    reply(world, question)
    assert reply(world, question, "No.", now=world.demand.questions_until).answer == "No."
    with pytest.raises(NotFound):
        reply(world, question, actor=world.editor)
    with pytest.raises(Conflict):
        reply(world, question, "Forse.", now=world.demand.closes_at)


def test_a_question_of_another_demand_is_not_there(world):
    elsewhere = make_question(world.session, World(world.session).demand, world.supplier)
    with pytest.raises(NotFound):
        reply(world, elsewhere)
