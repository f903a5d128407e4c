"""When people may write to each other, and when they are told."""

from datetime import timedelta

import pytest

from marketplace.conversations.rules import Refusal, refusal
from marketplace.conversations.telling import is_due
from marketplace.demands.lifecycle import State
from marketplace.demands.models import DemandType
from tests.factories import NOW

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("type_", [DemandType.QUOTE_REQUEST, DemandType.SOCIAL_COOP_AGREEMENT])
def test_nothing_passes_between_a_body_and_one_supplier_before_the_deadline(type_):
    assert refusal(type_, State.OPEN, has_answered=True) is Refusal.SEALED
    assert refusal(type_, State.QUESTIONS_CLOSED) is Refusal.SEALED
    assert refusal(type_, State.CLOSED) is Refusal.NOT_ANSWERED
    assert refusal(type_, State.CLOSED, has_answered=True) is None


@pytest.mark.parametrize("type_", DemandType)
def test_suppliers_who_answer_together_may_always_write_to_each_other(type_):
    expected = Refusal.ELSEWHERE if type_ is DemandType.NOTICE_ELSEWHERE else None
    assert refusal(type_, State.OPEN, with_buyer=False) is expected


@pytest.mark.parametrize("type_", [DemandType.NEED, DemandType.WISH, DemandType.MARKET_CONSULTATION])
def test_groups_residents_and_consultations_may_talk(type_):
    assert refusal(type_, State.OPEN) is None
    assert refusal(type_, State.CLOSED) is None


@pytest.mark.parametrize("type_", DemandType)
def test_nobody_writes_about_what_is_withdrawn_or_not_published(type_):
    assert refusal(type_, State.WITHDRAWN, has_answered=True) is Refusal.WITHDRAWN
    assert refusal(type_, State.DRAFT) is Refusal.NOT_PUBLISHED


def test_one_mail_until_it_is_read_and_at_most_one_an_hour():
    assert not is_due(None, None, NOW)
    assert is_due(NOW, None, NOW)
    # still unread: told already
    assert not is_due(NOW - 5 * HOUR, NOW - 4 * HOUR, NOW)
    # read meanwhile, and something new
    assert not is_due(NOW - SECOND, NOW - HOUR + SECOND, NOW)
    assert is_due(NOW - SECOND, NOW - HOUR, NOW)
