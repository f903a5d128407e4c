"""A filled form becomes the matcher's demand; what may not be asked is said beside its field."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from marketplace import engines
from marketplace.demands.need import accepted_proofs, need, refuse_what_may_not_be_asked
from marketplace.demands.need_form import MAX_LOTS, NeedForm
from search.criteria import Profile
from search.demand import Demand, Mode
from search.validation import problems
from tests.marketplace.demands.needs_filled import need_data, public_data


def filled(data) -> NeedForm:
    return NeedForm(MultiDict(data), meta={"csrf": False})


def demand_of(data) -> Demand:
    form = filled(data)
    assert form.validate(), form.errors
    return need(form, engines.criteria())


def refused(data) -> NeedForm:
    """The form after the matcher's rules; it must have broken one."""
    form = filled(data)
    assert form.validate(), form.errors
    assert refuse_what_may_not_be_asked(
        form, need(form, engines.criteria()), engines.categories(), engines.criteria()
    )
    return form


def test_what_is_written_is_what_is_asked(request_context):
    demand = demand_of(
        need_data(
            lots__0__text="novelle",
            lots__0__budget="2,50",
            lots__0__whole="y",
            lots__1__what="03222321-9",
            criteria__organic="required",
            criteria__fair_trade="3",
            months=["11", "12"],
            max_distance_km="30",
            mode="collect",
        )
    )
    assert (demand.profile, demand.mode) == (Profile.COMMUNITY, Mode.COLLECT)
    assert (demand.place.comune, demand.place.province) == ("016077", "BG")
    carrots, apples = demand.lots
    assert (carrots.category, carrots.text) == ("food.vegetables.carrots", "novelle")
    assert (carrots.quantity, carrots.unit, carrots.budget, carrots.splittable) == (
        40_000,
        "kg",
        25_000,
        False,
    )
    assert (apples.category, apples.cpv) == (None, "03222321")
    assert [(must.criterion, must.proofs) for must in demand.required] == [("organic", {"certified"})]
    assert [(wish.criterion, wish.importance) for wish in demand.preferred] == [("fair_trade", 3)]
    assert demand.months == {11, 12}
    assert demand.max_distance_km == 30


def test_a_group_that_says_nothing_of_what_counts_takes_the_usual(request_context):
    weights = demand_of(need_data()).weights
    assert (weights.fit, weights.proximity, weights.values, weights.price) == (3, 2, 4, 1)


def test_empty_lines_are_nobody_s(request_context):
    assert len(demand_of(need_data(lots__1__what="", lots__2__what="mele", lots__2__unit="kg")).lots) == 2


@pytest.mark.parametrize("component", ["fit", "proximity", "values", "price"])
def test_a_public_body_sets_every_weight_itself(request_context, component):
    form = refused(public_data() | {component: ""})
    assert form[component].errors


def test_a_public_body_that_sets_every_weight_is_heard(request_context):
    demand = demand_of(public_data(criteria__organic="required"))
    assert demand.profile is Profile.PUBLIC
    assert not list(problems(demand, engines.categories(), engines.criteria()))
    assert not demand.prices_with_vat


@pytest.mark.parametrize("asked", [{"proximity": "1"}, {"max_distance_km": "20"}])
def test_nearness_counts_for_a_public_body_only_with_a_written_reason(request_context, asked):
    assert refused(public_data() | asked).proximity_reason.errors
    reason = {"proximity_reason": "I pasti arrivano caldi entro venti minuti."}
    demand = demand_of(public_data() | asked | reason)
    assert demand.proximity_reason == reason["proximity_reason"]
    assert not list(problems(demand, engines.categories(), engines.criteria()))


def test_a_public_body_does_not_require_what_the_register_does_not_let_it(request_context):
    form = filled(public_data(criteria__short_chain="required"))
    assert not form.validate()
    assert form.criteria.form["short_chain"].errors


def test_a_public_body_is_not_asked_about_what_no_proof_shows_it(request_context):
    assert "agroecology" not in filled(public_data()).criteria.form
    assert "agroecology" in filled(need_data()).criteria.form


def test_only_a_public_body_reserves_a_contract(request_context):
    assert demand_of(need_data(qualifications="sme")).qualifications == frozenset()
    assert demand_of(public_data(qualifications="sme")).qualifications == {"sme"}


def test_the_weights_that_a_group_was_shown_are_nothing_to_a_public_body(request_context):
    form = filled(public_data() | {"weights_of": "community"})
    assert [form[component].data for component in ("fit", "proximity", "values", "price")] == [None] * 4
    assert all(form[component]._value() == "" for component in ("fit", "proximity", "values", "price"))
    assert demand_of(public_data() | {"weights_of": "public"}).weights.fit == 4


def test_and_those_of_a_public_body_are_nothing_to_a_group(request_context):
    assert demand_of(need_data(fit="9", weights_of="public")).weights.fit == 3
    assert demand_of(need_data(fit="9", weights_of="community")).weights.fit == 9


def test_weights_that_are_all_nothing_are_refused(request_context):
    assert refused(need_data(fit="0", proximity="0", values="0", price="0")).fit.errors


def test_a_must_accepts_whatever_somebody_else_can_check(request_context):
    criteria = engines.criteria()
    assert accepted_proofs(criteria["organic"], Profile.COMMUNITY) == {"certified"}
    assert "declared" not in accepted_proofs(criteria["agroecology"], Profile.COMMUNITY)
    assert "visited" in accepted_proofs(criteria["agroecology"], Profile.COMMUNITY)
    assert accepted_proofs(criteria["work_inclusion"], Profile.PUBLIC) == {"signed", "register"}


@pytest.mark.parametrize(
    "field, strange",
    [
        (field, strange)
        for field in ("lots__0__quantity", "lots__0__budget", "fit", "max_distance_km")
        for strange in ("NaN", "Infinity", "1e5", "-0", "-1", "１２", "1_000", "9" * 40, "1.234", "²")
    ],
)
def test_a_strange_number_is_refused(request_context, field, strange):
    assert not filled(need_data(**{field: strange})).validate()


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"near": ""}, "near"),
        ({"near": "Samone"}, "near"),
        ({"near": "Nessunluogo"}, "near"),
        ({"near": "x" * 500}, "near"),
        ({"mode": "teleport"}, "mode"),
        ({"lots__0__what": ""}, "lots"),
        ({"lots__0__what": "", "lots__0__quantity": "", "lots__0__unit": ""}, "lots"),
        ({"lots__0__what": "qwertyuiop"}, "lots"),
        ({"lots__0__what": "99999999"}, "lots"),
        ({"lots__0__unit": ""}, "lots"),
        ({"lots__0__unit": "parsec"}, "lots"),
        ({"lots__0__quantity": "0"}, "lots"),
        ({"lots__0__text": "x" * 201}, "lots"),
        ({"criteria__organic": "4"}, "criteria"),
        ({"months": "13"}, "months"),
        ({"qualifications": "medal"}, "qualifications"),
        ({"profile": "king"}, "profile"),
        ({"fit": "11"}, "fit"),
        ({"max_distance_km": "0"}, "max_distance_km"),
        ({"max_distance_km": "1501"}, "max_distance_km"),
    ],
)
def test_what_cannot_be_meant_is_an_error_of_its_field(app, changes, field):
    with app.test_request_context():
        form = filled(need_data(**changes))
        assert not form.validate()
        assert field in form.errors


def test_lines_beyond_the_tenth_are_left_out(request_context):
    data = need_data() | {f"lots-{number}-what": "mele" for number in range(30)}
    assert len(demand_of(data).lots) == MAX_LOTS


_names = st.sampled_from(
    ["profile", "near", "mode", "lots-0-what", "lots-0-quantity", "lots-0-unit", "lots-0-budget", "lots-1-what",
     "criteria-organic", "criteria-fair_trade", "months", "max_distance_km", "qualifications", "fit", "proximity",
     "values", "price", "proximity_reason", "lots-x-what", "lots", "criteria"]
)  # fmt: skip
_values = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["public", "community", "Clusone", "Samone", "carote", "03222321-9", "kg", "1", "12,5", "0", "10", "required",
         "3", "sme", "collect", "remote", "45.7, 9.67", "48.85, 2.35", "\x00", "²", "9" * 60]
    ),
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_names, _values), max_size=20))
def test_any_form_is_refused_or_gives_a_demand_that_keeps_every_rule_or_says_which_it_breaks(
    shared_app, pairs
):
    with shared_app.test_request_context():
        data = MultiDict([*need_data().items(), *pairs])
        form = NeedForm(data, meta={"csrf": False})
        if not form.validate():
            assert form.errors
            return
        demand = need(form, engines.criteria())
        broken = list(problems(demand, engines.categories(), engines.criteria()))
        told = refuse_what_may_not_be_asked(form, demand, engines.categories(), engines.criteria())
        assert told == bool(broken) == bool(form.errors)
