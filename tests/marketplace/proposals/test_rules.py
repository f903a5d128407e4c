"""What may be answered when, and who reads what of it when."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.demands.lifecycle import State, state
from marketplace.demands.models import DemandType
from marketplace.proposals.answer_values import AnswerValues, Lacking, LineValues, lacking
from marketplace.proposals.rules import (
    Stage,
    may_open,
    may_supply,
    stage,
    takes_proposals,
    takes_questions,
    takes_replies,
)

CLOSES = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
TICK = timedelta(milliseconds=1)


@dataclass
class Asked:
    type: str = DemandType.QUOTE_REQUEST
    particulars: dict = field(default_factory=dict)
    published_at: datetime | None = CLOSES - timedelta(days=9)
    questions_until: datetime | None = CLOSES - timedelta(days=3)
    closes_at: datetime | None = CLOSES
    withdrawn_at: datetime | None = None


@dataclass
class Answer:
    submitted_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass
class Lot:
    id: int
    quantity: int | None = None
    splittable: bool = True


@pytest.mark.parametrize(
    ("moment", "is_open"), [(CLOSES - TICK, True), (CLOSES, False), (CLOSES + TICK, False)]
)
def test_at_the_instant_of_the_deadline_nothing_is_taken_and_everything_is_opened(moment, is_open):
    where = state(Asked(), moment)
    assert takes_proposals(Asked(), where) is is_open
    assert takes_replies(Asked(), where) is is_open
    assert may_open(Asked(), where) is not is_open
    assert stage(Answer(CLOSES - TICK), where) is (Stage.HANDED_IN if is_open else Stage.SEALED)


@pytest.mark.parametrize(("after", "is_open"), [(-TICK, True), (timedelta(0), False), (TICK, False)])
def test_questions_are_taken_until_their_own_deadline(after, is_open):
    asked = Asked()
    assert takes_questions(asked, state(asked, asked.questions_until + after)) is is_open


@pytest.mark.parametrize(("after", "opened"), [(-TICK, False), (timedelta(0), True), (TICK, True)])
def test_withdrawing_before_the_deadline_opens_nothing_then_or_later(after, opened):
    asked = Asked(withdrawn_at=CLOSES + after)
    for moment in (CLOSES + after, CLOSES + timedelta(days=400)):
        assert state(asked, moment) is State.WITHDRAWN
        assert may_open(asked, State.WITHDRAWN) is opened


@pytest.mark.parametrize(
    ("type_", "particulars", "sealed"),
    [
        (DemandType.QUOTE_REQUEST, {}, True),
        (DemandType.QUOTE_REQUEST, {"answers_sealed": False}, True),
        (DemandType.SOCIAL_COOP_AGREEMENT, {"answers_sealed": False}, True),
        (DemandType.MARKET_CONSULTATION, {}, True),
        (DemandType.MARKET_CONSULTATION, {"answers_sealed": False}, False),
        (DemandType.NEED, {}, False),
        (DemandType.NEED, {"answers_sealed": True}, True),
        (DemandType.WISH, {}, False),
    ],
)
def test_who_waits_for_the_deadline(type_, particulars, sealed):
    asked = Asked(type_, particulars)
    assert may_open(asked, state(asked, CLOSES - TICK)) is not sealed
    assert may_open(asked, state(asked, CLOSES))


@pytest.mark.parametrize("type_", [DemandType.CO_DESIGN, DemandType.NOTICE_ELSEWHERE])
def test_boards_and_notices_take_no_proposals(type_):
    assert not takes_proposals(Asked(type_), State.OPEN)


def test_an_answer_is_written_then_handed_in_or_taken_back():
    assert stage(Answer(), State.OPEN) is Stage.WRITING
    assert stage(Answer(CLOSES), State.OPEN) is Stage.HANDED_IN
    assert stage(Answer(CLOSES, CLOSES), State.CLOSED) is Stage.WITHDRAWN


def test_groups_and_public_bodies_supply_nothing():
    assert not may_supply(frozenset({"buying_group", "local_authority"}))
    assert may_supply(frozenset({"buying_group", "producer"}))


def test_part_of_what_is_asked_is_enough():
    values = AnswerValues(lines=(LineValues(1), LineValues(2, price=1, vat_rate=0)))
    assert lacking(DemandType.QUOTE_REQUEST, [Lot(1), Lot(2)], values) == []


def test_what_an_answer_lacks_is_named_with_its_line():
    lots = [Lot(1, 5000), Lot(2, 5000, splittable=False)]
    empty, line = AnswerValues(lines=(LineValues(1),)), LineValues
    assert lacking(DemandType.NEED, lots, empty) == [Lacking("offers_nothing")]
    partial = AnswerValues(lines=(line(1, quantity=1), line(2, price=1, quantity=4000)))
    assert lacking(DemandType.NEED, lots, partial) == [Lacking("price_missing", 1), Lacking("only_whole", 2)]
    public = AnswerValues(lines=(line(1, price=1),))
    assert lacking(DemandType.QUOTE_REQUEST, lots, public) == [Lacking("vat_missing", 1)]


def test_with_partners_nothing_of_ones_own_is_needed_and_what_must_be_whole_has_one_bringer():
    lots = [Lot(1), Lot(2, 5000, splittable=False)]
    assert lacking(DemandType.NEED, lots, AnswerValues(), brought_by_others={1: 1}) == []
    both = AnswerValues(lines=(LineValues(2, price=1),))
    assert lacking(DemandType.NEED, lots, both, brought_by_others={2: 1}) == [Lacking("only_one", 2)]


def test_a_consultation_is_answered_in_words():
    assert lacking(DemandType.MARKET_CONSULTATION, [Lot(1)], AnswerValues()) == [Lacking("says_nothing")]
    assert lacking(DemandType.MARKET_CONSULTATION, [], AnswerValues(replies={1: "Sì"})) == []
