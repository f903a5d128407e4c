"""Asking about a demand in public, and answering: nobody reads who asked, the buyer included."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.demands.access import is_buyer, readable_demand, state_of
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.proposals import letters
from marketplace.proposals.models import Question
from marketplace.proposals.rules import takes_questions, takes_replies
from marketplace.proposals.standing import answering_organisations

#: Questions of one organisation on one demand.
MOST_QUESTIONS = 20
MAX_TEXT = 2000


def ask_question(
    session: Session, actor: User, demand_id: int, slug: str, text: str, *, now: datetime
) -> Question:
    """Ask in an organisation's name. The same words twice are one question.

    Raises :class:`NotFound` where there is no such demand, or no such organisation of the actor's that supplies;
    :class:`Conflict` once the time for questions has passed, or after :data:`MOST_QUESTIONS`.
    """
    demand = readable_demand(session, actor, demand_id, now)
    asking = next((one for one in answering_organisations(session, actor, demand) if one.slug == slug), None)
    if asking is None:
        raise NotFound
    if not takes_questions(demand, state_of(session, demand, now)):
        raise Conflict(_("The time for questions has passed."), code="questions_closed")
    if not text or len(text) > MAX_TEXT:
        raise Invalid(code="missing" if not text else "too_long", field="text")
    own = session.scalars(
        sa.select(Question).where(Question.demand_id == demand.id, Question.organisation_id == asking.id)
    ).all()
    if same := next((one for one in own if one.text == text), None):
        return same
    if len(own) >= MOST_QUESTIONS:
        raise Conflict(_("Your organisation has asked enough questions here."), code="too_many_questions")
    question = Question(
        demand_id=demand.id, organisation_id=asking.id, asked_by_id=actor.id, text=text, asked_at=now
    )
    session.add(question)
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="question.asked", subject=question)
    letters.tell_buyer_of_question(session, demand, question, now)
    session.commit()
    return question


def answer_question(
    session: Session, actor: User, demand_id: int, question_id: int, text: str, *, now: datetime
) -> Question:
    """By an editor of the buyer, until the deadline for answers; again, to put it right.

    Raises :class:`NotFound` for whoever is not the buyer, :class:`Conflict` after the deadline.
    """
    demand = readable_demand(session, actor, demand_id, now)
    question = session.get(Question, question_id)
    if question is None or question.demand_id != demand.id or not is_buyer(session, actor, demand):
        raise NotFound
    if not takes_replies(demand, state_of(session, demand, now)):
        raise Conflict(_("Answers to questions could be given until the deadline."), code="closed")
    if not text or len(text) > MAX_TEXT:
        raise Invalid(code="missing" if not text else "too_long", field="text")
    if question.answer == text:
        return question
    question.answer, question.answered_by_id, question.answered_at = text, actor.id, now
    audit.record(session, now=now, actor_id=actor.id, verb="question.answered", subject=question)
    letters.tell_of_reply(session, demand, question, now)
    session.commit()
    return question
