"""What must always hold of a match (MATCHING), over generated worlds. Numbers in the names are those of the list."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.distance import geodesic_km
from geo.points import Point
from search.answer import COMPONENTS
from search.constants import MAX_WEIGHT
from search.demand import Mode, Profile, Weights
from search.documents import ClaimDocument
from search.judging import rome_day
from search.memory import World
from search.reverse import demands_for
from search.weights import weighing
from tests.search import worlds
from tests.search.factories import CRITERIA, TREE
from tests.support.examples import examples

many = examples(16)
TOLERANCE = 1e-9


def match(suppliers, demand, now):
    return World(suppliers, TREE, CRITERIA).match(demand, now)


def by_supplier(answer):
    return {found.supplier_id: found for found in answer.matches}


def shuffled(data, items):
    return data.draw(st.permutations(list(items)))


# 1. Order of input never matters


@many
@given(worlds.worlds(), worlds.demands(), worlds.moments, st.data())
def test_1_the_order_of_suppliers_offers_claims_and_areas_never_matters(suppliers, demand, now, data):
    def mixed_up(one):
        order = shuffled(data, range(len(one.areas)))
        return replace(
            one,
            areas=tuple(one.areas[number] for number in order),
            claims=tuple(shuffled(data, one.claims)),
            offers=tuple(
                replace(
                    offer,
                    claims=tuple(shuffled(data, offer.claims)),
                    areas=offer.areas and tuple(order.index(number) for number in offer.areas),
                )
                for offer in shuffled(data, one.offers)
            ),
        )

    mixed = [mixed_up(one) for one in shuffled(data, suppliers)]
    assert match(mixed, demand, now) == match(suppliers, demand, now)


@many
@given(worlds.worlds(), worlds.demands(), worlds.moments)
def test_an_offer_that_names_all_areas_is_as_one_that_names_none(suppliers, demand, now):
    def named(one, areas):
        return replace(
            one, offers=tuple(replace(o, areas=areas) if o.areas is None else o for o in one.offers)
        )

    spelt_out = [named(one, tuple(range(len(one.areas)))) for one in suppliers]
    assert match(spelt_out, demand, now) == match(suppliers, demand, now)


@many
@given(worlds.worlds(), worlds.demands(), worlds.moments, st.data())
def test_1_the_order_of_lots_and_criteria_never_matters(suppliers, demand, now, data):
    mixed = replace(
        demand,
        lots=tuple(shuffled(data, demand.lots)),
        required=tuple(shuffled(data, demand.required)),
        preferred=tuple(shuffled(data, demand.preferred)),
    )
    ours, theirs = match(suppliers, mixed, now), match(suppliers, demand, now)
    assert [(m.supplier_id, m.score, m.utilities, m.evidence) for m in ours.matches] == [
        (m.supplier_id, m.score, m.utilities, m.evidence) for m in theirs.matches
    ]
    assert [(m.supplier_id, m.failed) for m in ours.near_misses] == [
        (m.supplier_id, m.failed) for m in theirs.near_misses
    ]
    assert (ours.failed, ours.in_category) == (theirs.failed, theirs.in_category)


# 2. Nearer, and better proved, never counts against anybody


@many
@given(worlds.worlds(), worlds.demands(), worlds.moments, st.data())
def test_2_nearer_never_ranks_lower(suppliers, demand, now, data):
    before = match(suppliers, demand, now)
    assume(before.matches)
    lucky = data.draw(st.sampled_from(before.matches))
    part = data.draw(st.floats(0, 1))
    here = demand.place.point

    def moved(one):
        seat = Point(here.lat + (one.seat.lat - here.lat) * part, here.lon + (one.seat.lon - here.lon) * part)
        return replace(one, seat=seat)

    nearer = [moved(one) if one.id == lucky.supplier_id else one for one in suppliers]
    after = by_supplier(match(nearer, demand, now))[lucky.supplier_id]
    assert after.score >= lucky.score - TOLERANCE
    assert after.rank <= lucky.rank


@st.composite
def claims_that_count(draw, criteria, demand, now):
    """A claim that is valid today on one of the criteria."""
    criterion = CRITERIA[draw(st.sampled_from(sorted(criteria)))]
    proof = draw(st.sampled_from(list(criterion.proofs)))
    expires = draw(st.sampled_from([None, rome_day(now), date(2030, 1, 1)]))
    return ClaimDocument(criterion.code, proof.value, expires, draw(st.booleans()))


def with_claim(data, suppliers, supplier_id, claim):
    """The world in which the supplier, or one of its offers, makes one claim more."""

    def richer(one):
        if one.id != supplier_id:
            return one
        holder = data.draw(st.integers(-1, len(one.offers) - 1))
        if holder < 0:
            return replace(one, claims=(*one.claims, claim))
        offers = list(one.offers)
        offers[holder] = replace(offers[holder], claims=(*offers[holder].claims, claim))
        return replace(one, offers=tuple(offers))

    return [richer(one) for one in suppliers]


@many
@given(worlds.worlds(), worlds.demands(), worlds.moments, st.data())
def test_2_a_claim_on_what_is_not_required_never_lowers_score_or_eligibility(suppliers, demand, now, data):
    required = {one.criterion for one in demand.required}
    claim = data.draw(claims_that_count({one.code for one in CRITERIA} - required, demand, now))
    lucky = data.draw(st.sampled_from(suppliers)).id
    before, after = (
        match(world, demand, now) for world in (suppliers, with_claim(data, suppliers, lucky, claim))
    )
    assert (before.failed, before.eligible) == (after.failed, after.eligible)
    if lucky in by_supplier(before):
        assert by_supplier(after)[lucky].score >= by_supplier(before)[lucky].score - TOLERANCE


@many
@given(worlds.worlds(), worlds.demands(), worlds.moments, st.data())
def test_2_a_claim_on_what_is_required_never_lowers_the_fit_nor_fails_another_must_than_capacity(
    suppliers, demand, now, data
):
    """It may bring further offers and lots into cover, on whose prices and evidence the supplier is judged
    from then on, and lots that may not be split and that it cannot fill alone: these the formulas count
    as they are. The criteria themselves and the fit can only gain."""
    assume(demand.required)
    claim = data.draw(claims_that_count({one.criterion for one in demand.required}, demand, now))
    lucky = data.draw(st.sampled_from(suppliers)).id
    before, after = (
        match(world, demand, now) for world in (suppliers, with_claim(data, suppliers, lucky, claim))
    )
    for must in after.failed:
        if must != "capacity":
            assert after.failed[must] <= before.failed[must]
    if lucky in by_supplier(before) and all(lot.splittable for lot in demand.lots):
        ours, theirs = by_supplier(after)[lucky], by_supplier(before)[lucky]
        assert ours.utilities["fit"] >= theirs.utilities["fit"] - TOLERANCE
        if [lot.offer_ids for lot in ours.lots] == [lot.offer_ids for lot in theirs.lots]:
            assert ours.score >= theirs.score - TOLERANCE


@many
@given(worlds.worlds(), worlds.demands(), worlds.moments, st.data())
def test_2_a_proof_of_higher_value_never_lowers_the_score(suppliers, demand, now, data):
    """In place of another, for a criterion that is wished; where it is a must, the offers that cover stay the same."""
    claim = data.draw(claims_that_count([one.code for one in CRITERIA], demand, now))
    criterion = CRITERIA[claim.criterion]
    higher = data.draw(st.sampled_from(list(criterion.proofs)))
    lucky = data.draw(st.sampled_from(suppliers)).id
    claim = replace(claim, verified=True)
    assume(worlds.proof_value(demand.profile, higher) >= worlds.proof_value(demand.profile, claim.proof))
    weak = [replace(one, claims=(*one.claims, claim)) if one.id == lucky else one for one in suppliers]
    better = replace(claim, proof=higher.value)
    strong = [replace(one, claims=(*one.claims, better)) if one.id == lucky else one for one in suppliers]
    before = by_supplier(match(weak, demand, now)).get(lucky)
    after = by_supplier(match(strong, demand, now)).get(lucky)
    if before is None or after is None:
        assert claim.criterion in {one.criterion for one in demand.required} or before is after
    elif [lot.offer_ids for lot in before.lots] == [lot.offer_ids for lot in after.lots]:
        assert after.score >= before.score - TOLERANCE


@many
@given(worlds.worlds(), worlds.demands(), worlds.moments)
def test_2_removing_expired_claims_changes_nothing_but_wording(suppliers, demand, now):
    today = rome_day(now)

    def fresh(claims):
        return tuple(claim for claim in claims if claim.expires is None or claim.expires >= today)

    cleaned = [
        replace(
            one,
            claims=fresh(one.claims),
            offers=tuple(replace(offer, claims=fresh(offer.claims)) for offer in one.offers),
        )
        for one in suppliers
    ]
    before, after = match(suppliers, demand, now), match(cleaned, demand, now)
    without_wording = replace(
        before, near_misses=tuple(replace(one, reasons=()) for one in before.near_misses)
    )
    assert without_wording == replace(
        after, near_misses=tuple(replace(one, reasons=()) for one in after.near_misses)
    )


# 3. Nobody's score depends on another


@many
@given(worlds.worlds(), worlds.demands(), worlds.moments, st.data())
def test_3_removing_one_supplier_never_changes_another(suppliers, demand, now, data):
    gone = data.draw(st.sampled_from(suppliers)).id
    before = match(suppliers, demand, now)
    after = match([one for one in suppliers if one.id != gone], demand, now)
    assert [replace(m, rank=0) for m in after.matches] == [
        replace(m, rank=0) for m in before.matches if m.supplier_id != gone
    ]
    assert after.near_misses == tuple(m for m in before.near_misses if m.supplier_id != gone)


# 4. Contributions add up


@many
@given(worlds.worlds(), worlds.demands(), worlds.moments)
def test_4_contributions_add_up_to_a_score_from_0_to_1(suppliers, demand, now):
    answer = match(suppliers, demand, now)
    assert set(answer.weights) | set(answer.dropped) == set(COMPONENTS)
    for found in answer.matches:
        assert sum(found.contributions.values()) == pytest.approx(found.score, abs=TOLERANCE)
        assert found.contributions.keys() == answer.weights.keys()
        assert -TOLERANCE <= found.score <= 1 + TOLERANCE
        assert all(-TOLERANCE <= utility <= 1 + TOLERANCE for utility in found.utilities.values())


# 5. The reverse view


@many
@given(worlds.worlds(), st.lists(worlds.demands(), max_size=3), worlds.moments)
def test_5_the_reverse_view_tells_the_same_of_every_pair(suppliers, demands, now):
    forward = {key: match(suppliers, demand, now) for key, demand in enumerate(demands)}
    for one in suppliers:
        seen = demands_for(one, enumerate(demands), tree=TREE, criteria=CRITERIA, now=now)
        eligible = {found.key: found.match for found in seen if found.match}
        near = {found.key: found.near_miss for found in seen if found.near_miss}
        assert eligible == {
            key: replace(found, rank=1)
            for key, answer in forward.items()
            for found in answer.matches
            if found.supplier_id == one.id
        }
        assert near == {
            key: found
            for key, answer in forward.items()
            for found in answer.near_misses
            if found.supplier_id == one.id
        }


# 6 and 7. What weights can do, and what they cannot


@many
@given(worlds.worlds(), worlds.demands(), worlds.moments, st.sampled_from(COMPONENTS), st.floats(0.1, 100))
def test_6_raising_a_weight_never_lowers_the_best_in_that_component(suppliers, demand, now, component, more):
    counted = weighing(demand).weights
    assume(component in counted)
    before = match(suppliers, demand, now)
    assume(before.matches)
    raised = {name: getattr(demand.weights, name) for name in COMPONENTS}
    raised[component] = min(counted[component] + more, MAX_WEIGHT)
    after = by_supplier(match(suppliers, replace(demand, weights=Weights(**raised)), now))
    best = max(before.matches, key=lambda found: found.utilities[component])
    for other in before.matches:
        if best.score >= other.score:
            assert after[best.supplier_id].score >= after[other.supplier_id].score - TOLERANCE


@many
@given(worlds.worlds(), worlds.demands(profiles=[Profile.COMMUNITY]), worlds.moments, st.data())
def test_7_no_weights_lift_the_ineligible_above_the_line(suppliers, demand, now, data):
    other = replace(demand, weights=data.draw(worlds.weights(Profile.COMMUNITY)))
    before, after = match(suppliers, demand, now), match(suppliers, other, now)
    assert by_supplier(before).keys() == by_supplier(after).keys()
    assert (before.near_misses, before.failed) == (after.near_misses, after.failed)


# 9. Kilometres


@examples(25)
@given(worlds.worlds(), worlds.demands(modes=[Mode.REMOTE]), worlds.moments)
def test_9_kilometres_agree_with_the_ellipsoid(suppliers, demand, now):
    seats = {one.id: one.seat for one in suppliers}
    for found in match(suppliers, demand, now).matches:
        exact = geodesic_km(seats[found.supplier_id], demand.place.point)
        assert found.distance_km == pytest.approx(exact, rel=0.006, abs=1e-6)
