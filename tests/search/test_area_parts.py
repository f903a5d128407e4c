"""The indexes of areas that several parts bring along, put together."""

import numpy as np

from geo.areas import ProvinceArea, RadiusArea
from search import area_parts
from search.area_parts import AreaParts
from tests.search.factories import AT_BERGAMO, BERGAMO

HERE, ELSEWHERE = RadiusArea(5, BERGAMO), ProvinceArea("LC")


def parts():
    return [AreaParts.build([(HERE,), (ELSEWHERE, HERE), ()]), AreaParts.build([(ELSEWHERE,), (HERE,)])]


def test_large_indexes_become_one_that_answers_the_same(monkeypatch):
    apart = AreaParts.concat(several := parts())
    monkeypatch.setattr(area_parts, "LARGE", 1)
    together = AreaParts.concat(several)
    assert (len(apart.parts), len(together.parts)) == (2, 1)
    for one in (apart, together):
        assert one.reached(AT_BERGAMO, np.arange(5)).tolist() == [True, True, False, False, True]
        assert one.reached(AT_BERGAMO, np.array([1, 3])).tolist() == [False, True, False, False, False]
        rows, positions = one.covering(AT_BERGAMO)
        assert sorted(zip(rows.tolist(), positions.tolist(), strict=True)) == [(0, 0), (1, 1), (4, 0)]


def test_who_is_gone_from_a_part_is_gone_from_what_was_merged(monkeypatch):
    monkeypatch.setattr(area_parts, "LARGE", 1)
    first, second = several = parts()
    merged = AreaParts.concat(several).parts[0].index
    left = first.selected(np.array([0, 2]), np.array([0, -1, 1]))
    without = AreaParts.concat([left, second])
    assert without.parts[0].index is merged
    assert without.reached(AT_BERGAMO, np.arange(4)).tolist() == [True, False, False, True]
