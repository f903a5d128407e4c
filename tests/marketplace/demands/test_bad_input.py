"""What cannot be asked says why beside its field; what has to be known is said before it is published."""

from dataclasses import dataclass, field
from datetime import date

import pytest
import sqlalchemy as sa

from marketplace import engines
from marketplace.demands.law_notes import RULES, THRESHOLDS, rules, thresholds_reached
from marketplace.demands.models import DemandType
from marketplace.demands.particulars import PARTICULARS, Shape, prompts_in, shown
from marketplace.demands.posting_models import Prompt
from tests.marketplace.demands.needs_filled import make_grower, public_data
from tests.marketplace.demands.posting import demands

NEW = "/organisations/comune/demands/new?type="
DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"questions_until": "2020-01-01T10:00"}, "questions_until-error"),
        ({"questions_until": "2031-05-02T10:00", "closes_at": "2031-05-01T10:00"}, "questions_until-error"),
        ({"questions_until": "2031-05-01T10:00", "closes_at": "2031-05-01T10:00"}, "questions_until-error"),
        ({"questions_until": "2031-03-30T02:30"}, "questions_until-error"),
        ({"closes_at": "2031-10-26T02:30"}, "closes_at-error"),
        ({"period_from": "2031-05-02", "period_until": "2031-05-01"}, "period_until-error"),
        ({"lots-0-budget": "0"}, "lots-0-budget-error"),
        ({"estimated_value": "0"}, "estimated_value-error"),
        ({"near": "48.8566, 2.3522"}, "near-error"),
        ({"criteria-organic": "required", "proofs-organic": "visited"}, "proofs-organic-error"),
        ({"particulars-cig": "123"}, "particulars-cig-error"),
        ({"particulars-cup": "1234567890ABCDE"}, "particulars-cup-error"),
        ({"particulars-platform_link": "javascript:x"}, "particulars-platform_link-error"),
    ],
)
def test_it_is_said_beside_its_field(officials, session, changes, error):
    page = officials.owner.post(f"{NEW}quote_request", data=public_data(title="Mensa") | changes)
    assert page.status_code == 200
    assert f'id="{error}"' in page.text
    assert demands(session) == []


def test_a_proof_that_a_public_body_may_not_require_names_the_rule(officials):
    data = public_data(title="Mensa") | {
        "criteria-work_inclusion": "required",
        "proofs-work_inclusion": "peer",
    }
    page = officials.owner.post(f"{NEW}quote_request", data=data).text
    assert "DPR 445/2000" in page


def test_the_proofs_that_were_chosen_are_the_ones_accepted(officials, session):
    data = public_data(title="Mensa") | {
        "criteria-work_inclusion": "required", "proofs-work_inclusion": "register"
    }  # fmt: skip
    officials.owner.post(f"{NEW}quote_request", data=data)
    assert demands(session)[0].required == [{"criterion": "work_inclusion", "proofs": ["register"]}]


@pytest.mark.parametrize("value, confirmed, posted", [("139999,99", False, True), ("140000", False, False), ("140000", True, True)])  # fmt: skip
def test_a_value_that_reaches_a_threshold_is_published_once_its_rule_was_read(
    officials, session, value, confirmed, posted
):
    data = public_data(title="Mensa", estimated_value=value) | ({"confirmed": "y"} if confirmed else {})
    answer = officials.owner.post(f"{NEW}quote_request", data=data)
    assert (len(demands(session)) == 1) == posted
    if not posted:
        assert "art. 50" in answer.text
        assert 'name="confirmed"' in answer.text
        assert "legittim" not in answer.text


def test_a_requirement_that_nobody_meets_warns_with_the_count_and_does_not_refuse(officials, session):
    make_grower(session, slug="orto")
    data = public_data(title="Mensa") | {"criteria-organic": "required"}
    page = officials.owner.post(f"{NEW}quote_request", data=data, headers={"Accept-Language": "it"}).text
    assert demands(session) == []
    assert "1 invece di 0" in page
    officials.owner.post(f"{NEW}quote_request", data=data | {"confirmed": "y"})
    assert len(demands(session)) == 1


def test_the_count_comes_while_the_rest_is_still_missing(officials, session):
    make_grower(session, slug="orto")
    make_grower(session, slug="bio", certified=True)
    data = {"near": "Clusone", "mode": "deliver", "lots-0-what": "carote", "criteria-organic": "required"}
    part = officials.owner.post(
        "/demands/count?type=quote_request", data=data, headers={"Accept-Language": "it"}
    )
    assert "<strong>1</strong>" in part.text
    assert "2 invece di 1" in part.text
    assert "<html" not in part.text
    nothing_yet = officials.owner.post("/demands/count?type=quote_request", data={"near": "Clusone"})
    assert "<strong>" not in nothing_yet.text
    whole = officials.owner.post(f"{NEW}quote_request", data=data | {"count": "1"}).text
    assert "<strong>1</strong>" in whole
    assert 'id="title-error"' not in whole
    assert officials.owner.post("/demands/count?type=co_design", data=data).status_code == 404


def test_what_is_needed_is_chosen_from_the_tree_without_leaving_the_form(officials, session):
    data = public_data(title="Mensa") | {"lots-0-what": ""}
    page = officials.owner.post(f"{NEW}quote_request", data=data | {"pick": "0:food.vegetables"}).text
    assert 'name="choose" value="0=food.vegetables.carrots"' in page
    page = officials.owner.post(
        f"{NEW}quote_request", data=data | {"pick": "0:?", "pick_words": "carote"}
    ).text
    assert 'value="0=food.vegetables.carrots"' in page
    chosen = officials.owner.post(
        f"{NEW}quote_request", data=data | {"choose": "0=food.vegetables.carrots"}
    ).text
    assert 'value="Mensa"' in chosen
    assert demands(session) == []


@pytest.mark.parametrize("pick", ["x", "0:nothing.here", "9" * 4, "0:?:?", "0:../../etc"])
def test_a_step_in_the_tree_that_is_none_shows_the_form(officials, pick):
    assert officials.owner.post(f"{NEW}quote_request", data={"pick": pick}).status_code == 200


def test_a_consultation_asks_questions_and_nothing_of_a_contract(officials, session):
    form = officials.owner.get(f"{NEW}market_consultation").text
    for name in ("particulars-cig", "estimated_value", "fit", "particulars-experience", "lots-0-budget"):
        assert f'name="{name}"' not in form
    data = {
        "title": "Il verde",
        "near": "Clusone",
        "lots-0-what": "carote",
        "particulars-prompts": "Come lavorate?\n\n Con chi?\nCome lavorate?",
        "particulars-answers_sealed": "y",
    }
    officials.owner.post(f"{NEW}market_consultation", data=data)
    (demand,) = demands(session)
    assert demand.particulars == {"answers_sealed": True}
    assert session.scalars(sa.select(Prompt.text).order_by(Prompt.position)).all() == [
        "Come lavorate?",
        "Con chi?",
    ]
    page = officials.anonymous.get(f"/demands/{demand.id}").text
    assert "Con chi?" in page
    assert "art. 77" in page


def test_a_board_says_what_it_is_for(officials, session):
    data = {"title": "Il verde", "near": "Clusone", "lots-0-what": "carote"}
    assert 'id="particulars-board_type-error"' in officials.owner.post(f"{NEW}co_design", data=data).text
    officials.owner.post(f"{NEW}co_design", data=data | {"particulars-board_type": "co_programming"})
    assert demands(session)[0].particulars == {"board_type": "co_programming"}


def test_so_many_requests_a_day_and_the_next_one_stays_in_the_form(officials, session, monkeypatch):
    monkeypatch.setattr("marketplace.demands.operations.MAX_POSTED_A_DAY", 1)
    for _ in range(2):
        page = officials.owner.post(f"{NEW}quote_request", data=public_data(title="Mensa"))
    assert page.status_code == 200
    assert 'value="Mensa"' in page.text
    assert len(demands(session)) == 1


# Decisions on plain values


def test_every_rule_that_a_type_names_is_in_the_table_of_the_law():
    law = engines.law()
    for type_ in DemandType:
        assert len(rules(law, type_, DAY)) == len(RULES.get(type_, ()))
    assert {key for keys in THRESHOLDS.values() for key in keys} <= {row.key for row in law}


@pytest.mark.parametrize(
    "value, day, keys",
    [
        (None, DAY, []),
        (13_999_999, DAY, []),
        (14_000_000, DAY, ["direct_award_services"]),
        (21_600_000, DAY, ["direct_award_services", "eu_threshold_subcentral"]),
        (21_600_000, date(2025, 6, 1), ["direct_award_services"]),
    ],
)
def test_thresholds_are_those_of_the_day(value, day, keys):
    reached = thresholds_reached(engines.law(), DemandType.QUOTE_REQUEST, value, day)
    assert [row.key for row in reached] == keys
    assert thresholds_reached(engines.law(), DemandType.NEED, value, day) == ()


def test_no_consultation_and_no_board_asks_a_code_of_a_contract_or_experience():
    for type_ in (DemandType.MARKET_CONSULTATION, DemandType.CO_DESIGN, DemandType.NEED, DemandType.WISH):
        names = {one.name for one in PARTICULARS[type_]}
        assert not names & {"cig", "cup", "experience", "platform_link"}


@dataclass
class Described:
    type: str
    particulars: dict = field(default_factory=dict)


def test_only_what_stands_there_and_belongs_to_the_type_is_shown():
    demand = Described("quote_request", {"cig": "A123456789", "office": "", "answers_sealed": True, "x": "y"})
    assert [(one.name, text) for one, text in shown(demand)] == [("cig", "A123456789")]
    sealed = shown(Described("market_consultation", {"answers_sealed": True}))
    assert [(one.shape, text) for one, text in sealed] == [(Shape.YES_NO, "")]


def test_questions_are_lines_that_say_something_once():
    assert prompts_in(" a  b \n\n c\na b\n") == ("a b", "c")
