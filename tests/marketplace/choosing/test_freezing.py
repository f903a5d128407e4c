"""A frozen list gives itself again from what was kept, whatever the live district has become."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.points import Point
from marketplace.choosing.changes import changes, joint_changes, rules_changed
from marketplace.choosing.freezing import Frame, canonical, digest, freeze, gives_the_same_list, recompute
from marketplace.choosing.frozen_joint import JointAnswer, read_score
from marketplace.choosing.joint_scores import Brought, joint_scores
from search.demand import Lot, Preferred, Required
from search.memory import World
from tests.marketplace.choosing.test_joint_scores import bringing
from tests.search import worlds
from tests.search.factories import CRITERIA, NOW, TREE, claim, demand, offer, supplier

#: As it was kept before joint answers were: two lots, three suppliers.
OLD_LIST = Path(__file__).resolve().parents[2] / "data" / "frozen_lists" / "format_1.json"
FRAME = Frame(demand_id=7, demand_type="need", title="Formaggi", actor_id=3)


def frozen(suppliers, asked, now=NOW, joint_answers=()):
    return freeze(FRAME, asked, suppliers, tree=TREE, criteria=CRITERIA, now=now, joint_answers=joint_answers)


@given(worlds.worlds(), worlds.demands(), worlds.moments)
@settings(max_examples=50)
def test_recomputing_from_the_content_gives_the_answer_of_the_engine(world, asked, now):
    content = frozen(world, asked, now)
    assert recompute(content) == World(world, TREE, CRITERIA).match(asked, now)
    assert gives_the_same_list(content)


@given(worlds.worlds(), worlds.demands())
@settings(max_examples=25)
def test_the_content_survives_the_way_through_canonical_json(world, asked):
    content = frozen(world, asked)
    text = canonical(content)
    assert canonical(json.loads(text)) == text
    assert digest(text) == hashlib.sha256(text).hexdigest()


@given(worlds.worlds(), worlds.demands())
@settings(max_examples=25)
def test_the_order_of_the_suppliers_changes_no_byte(world, asked):
    assert canonical(frozen(world, asked)) == canonical(frozen(list(reversed(world)), asked))


def test_a_list_of_the_first_format_still_gives_itself():
    text = OLD_LIST.read_bytes()
    content = json.loads(text)
    assert canonical(content) == text
    assert digest(text) == "249dcf6f5495bada8b2059eca23011aa219922184be89b02b418eb4edd9539bb"
    assert [match["name"] for match in content["answer"]["matches"]] == ["Prima", "Seconda", "Lontana"]
    assert gives_the_same_list(content)
    assert joint_changes(content, content) == ()
    content["answer"]["matches"][0]["score"] += 0.001
    assert not gives_the_same_list(content)


@given(worlds.worlds(most=3), worlds.demands(), worlds.moments, st.data())
@settings(max_examples=20)
def test_joint_answers_are_kept_with_the_score_of_the_comparison(world, asked, now, data):
    brought = tuple(data.draw(bringing(world, asked)))
    partners = tuple((one.id, one.name) for one in world)
    content = frozen(world, asked, now, (JointAnswer(5, partners, brought),))
    assert gives_the_same_list(json.loads(canonical(content)))
    engine = World(world, TREE, CRITERIA)
    expected = joint_scores(asked, {5: brought}, lambda part: engine.match(part, now))[5]
    (kept,) = content["answer"]["joint_answers"]
    assert read_score(kept).score == pytest.approx(expected.score)
    assert read_score(kept).unsuitable == expected.unsuitable
    content["joint_answers"] = []
    assert not gives_the_same_list(content)


def test_what_became_of_joint_answers_is_told():
    one, other = dairy(name="Una"), dairy(name="Altra")
    asked = cheese(preferred=(Preferred("anything"),))
    together = JointAnswer(
        5, ((one.id, "Una"), (other.id, "Altra")), (Brought(one.id, 0), Brought(other.id, 0))
    )
    without, before = frozen([one, other], asked), frozen([one, other], asked, NOW, (together,))
    proven = frozen([replace(one, claims=(claim("anything"),)), other], asked, NOW, (together,))
    assert joint_changes(before, before) == ()
    assert [change.kind for change in joint_changes(without, before)] == ["added"]
    assert [change.kind for change in joint_changes(before, without)] == ["gone"]
    (moved,) = joint_changes(before, proven)
    assert moved.partners == ("Una", "Altra")
    assert moved.before < moved.after


def cheese(**overrides):
    return demand(Lot(category="food.cheese"), **overrides)


def dairy(**overrides):
    return supplier(offer("food.cheese"), **overrides)


def test_the_constants_the_tree_and_the_proofs_of_the_day_are_kept():
    content = frozen([dairy()], cheese())
    assert content["tree"]["version"] == TREE.version
    assert content["constants"]["min_similarity"] == 0.4
    assert content["constants"]["earth_radius_km"] == 6371.0088
    assert content["evidence_values"]["public"]["signed"] == 0.6
    assert content["frozen_by"] == 3


def test_only_suppliers_in_category_are_kept_and_the_rest_is_counted():
    one, gardener = dairy(), supplier(offer("care.parks"))
    content = frozen([gardener, one], cheese())
    assert [kept["id"] for kept in content["suppliers"]] == [one.id]
    assert (content["answer"]["considered"], content["answer"]["in_category"]) == (2, 1)


def test_a_list_with_a_supplier_taken_out_no_longer_gives_itself():
    content = frozen([dairy(), dairy()], cheese())
    content["suppliers"].pop()
    assert not gives_the_same_list(content)


def test_nothing_changed_is_told_as_nothing():
    content = frozen([dairy()], cheese())
    assert changes(content, content) == ()
    assert rules_changed(content, content) == ()


def test_who_came_who_went_and_who_moved_is_told_with_why():
    old, going, coming = dairy(name="Vecchia"), dairy(name="Parte"), dairy(name="Arriva")
    moved = replace(old, seat=Point(45.85, 9.67))
    told = {
        change.name: change
        for change in changes(frozen([old, going], cheese()), frozen([moved, coming], cheese()))
    }
    assert told["Parte"].kind == "gone"
    assert told["Parte"].reasons == ({"code": "not_listed"},)
    assert told["Arriva"].kind == "added"
    assert told["Vecchia"].kind == "moved"
    assert told["Vecchia"].touched == ("seat",)
    assert told["Vecchia"].moved_parts["proximity"] < 0


def test_who_now_lacks_something_is_gone_with_what_is_missing():
    asked = cheese(required=(Required("anything", frozenset({"certified"})),))
    before = dairy(claims=(claim("anything"),))
    (change,) = changes(frozen([before], asked), frozen([replace(before, claims=())], asked))
    assert change.kind == "gone"
    assert [reason["code"] for reason in change.reasons] == ["claim_missing"]
    assert change.touched == ("claims",)


def test_a_demand_that_was_made_clear_since_is_told():
    assert rules_changed(frozen([dairy()], cheese()), frozen([dairy()], cheese(half_life_km=20.0))) == (
        "demand",
    )
