"""Posting, whoever calls the operation."""

import pytest

from geo.areas import Place
from geo.points import Point
from marketplace.demands import operations
from marketplace.demands.models import DemandType
from marketplace.errors import Invalid
from search import demand as matching
from tests.factories import NOW


def post(session, people, organisation, type_, **overrides):
    lots = overrides.pop("lots", (matching.Lot(category="food"),))
    values = {"title": "X", "description": "", "place_label": "Clusone (BG)", "closes_at": None, "now": NOW}
    need = matching.Demand(Place(Point(45.9, 9.9), "016077", "BG"), lots)
    return operations.post_demand(
        session, people.persons["owner"], organisation, type_=type_, need=need, **(values | overrides)
    )


@pytest.mark.parametrize(
    "type_, overrides, field",
    [
        (DemandType.QUOTE_REQUEST, {}, "type"),
        (DemandType.WISH, {}, "type"),
        (DemandType.NEED, {"closes_at": NOW}, "closes_at"),
    ],
)
def test_the_operation_refuses_what_a_group_may_not_post(session, people, group, type_, overrides, field):
    with pytest.raises(Invalid) as refused:
        post(session, people, group, type_, **overrides)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "type_, overrides, field",
    [
        (DemandType.NEED, {}, "type"),
        (DemandType.NOTICE_ELSEWHERE, {}, "notice_link"),
        (DemandType.QUOTE_REQUEST, {}, "closes_at"),
        (DemandType.SOCIAL_COOP_AGREEMENT, {}, "closes_at"),
        (DemandType.CO_DESIGN, {"lots": (matching.Lot(category="food", budget=1, unit="kg"),)}, "lots"),
    ],
)
def test_the_operation_refuses_what_a_public_body_may_not_post(
    session, officials, town, type_, overrides, field
):
    with pytest.raises(Invalid) as refused:
        post(session, officials, town, type_, **overrides)
    assert refused.value.field == field
