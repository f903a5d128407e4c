"""What may be asked, by whom, in a file as in a form."""

import pytest

from tests.marketplace.district.dataset.conftest import problems

ORGANISATIONS = (
    "key,name,kinds,place\n"
    "gas,GAS di prova,buying_group,Clusone\n"
    "ente,Ente di prova,local_authority,Clusone\n"
)
LOT = "demand,position,category,cpv,quantity,unit,budget\n{key},1,mele,,100,kg,2\n"


@pytest.fixture
def check_demand(check):
    """One demand of these cells with one good lot."""

    def judge(lots=None, people=None, **cells):
        row = {"key": "d1", "organisation": "gas", "type": "need", "title": "Mele", "place": "Clusone"}
        row |= {"mode": "deliver", "published": "2026-11-01"} | cells
        text = ",".join(row) + "\n" + ",".join(f'"{cell}"' for cell in row.values()) + "\n"
        files = {"people": people} if people else {}
        return check(
            organisations=ORGANISATIONS,
            demands=text,
            lots=LOT.format(key="d1") if lots is None else lots,
            **files,
        )

    return judge


PUBLIC = {"organisation": "ente", "type": "quote_request", "weights": "fit=3;proximity=0;values=2;price=1"}


def columns(checked):
    return [(file, column) for file, _, column in problems(checked)]


def test_a_need_of_a_group_is_read_whole(check_demand):
    checked = check_demand(
        required="organic=certified",
        preferred="fair_trade=3; decent_work=1",
        months="11-2",
        closes="2031-01-31",
    )
    assert checked.problems == []
    demand = checked.dataset.demands[0]
    assert demand.required == [{"criterion": "organic", "proofs": ["certified"]}]
    assert demand.preferred == [
        {"criterion": "fair_trade", "importance": 3},
        {"criterion": "decent_work", "importance": 1},
    ]
    assert (demand.lots[0].quantity, demand.lots[0].budget) == (100_000, 20_000)


def test_a_public_body_states_all_four_weights(check_demand):
    checked = check_demand(**PUBLIC | {"weights": "fit=3"})
    assert set(columns(checked)) == {("demands.csv", "weights")}
    assert check_demand(**PUBLIC).problems == []


def test_a_public_body_that_counts_nearness_says_why(check_demand):
    near = PUBLIC | {"weights": "fit=3;proximity=1;values=2;price=1"}
    assert columns(check_demand(**near)) == [("demands.csv", "proximity_reason")]
    assert check_demand(**near, proximity_reason="Arrivare entro un'ora").problems == []


@pytest.mark.parametrize("required", ["agroecology=visited", "work_inclusion=declared", "mutuality=register"])
def test_a_public_body_may_not_require_what_practice_refuses(check_demand, required):
    assert columns(check_demand(**PUBLIC, required=required)) == [("demands.csv", "required")]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"type": "quote_request", "weights": PUBLIC["weights"]}, "type"),
        ({"organisation": "ente"}, "type"),
        ({"type": "wish"}, "organisation"),
        ({"organisation": ""}, "organisation"),
        (PUBLIC | {"type": "notice_elsewhere"}, "notice_link"),
        (PUBLIC | {"type": "social_coop_agreement"}, "qualifications"),
        (PUBLIC | {"type": "co_design"}, "type"),
        ({"closes": "2026-10-01"}, "closes"),
        ({"published": "", "closes": "2031-10-01"}, "closes"),
        ({"half_life_km": "2"}, "half_life_km"),
        ({"preferred": "organic=4"}, "preferred"),
        ({"preferred": "nonsense=1"}, "preferred"),
        ({"required": "organic"}, "required"),
        ({"weights": "fit=0;proximity=0"}, None),
        ({"weights": "fit=0;proximity=0;price=0"}, "weights"),
        ({"weights": "luck=1"}, "weights"),
        ({"author": "nobody@example.org"}, "author"),
    ],
)
def test_a_broken_rule_is_named_at_its_column(check_demand, cells, column):
    expected = [] if column is None else [("demands.csv", column)]
    assert list(dict.fromkeys(columns(check_demand(**cells)))) == expected


def test_a_demand_without_lots_is_refused(check_demand):
    assert columns(check_demand(lots="demand,position\n")) == [("demands.csv", "key")]


def test_a_lot_needs_a_category_or_a_cpv_code(check_demand):
    assert columns(check_demand(lots="demand,position,text\nd1,1,mele\n")) == [("lots.csv", "category")]


def test_a_cpv_code_is_looked_up(check_demand):
    assert columns(check_demand(lots="demand,position,cpv\nd1,1,99999999\n")) == [("lots.csv", "cpv")]
    lots = check_demand(lots="demand,position,cpv\nd1,1,03222321-7\n").dataset.demands[0].lots
    assert lots[0].cpv == "03222321"


def test_a_position_stands_once(check_demand):
    text = "demand,position,category\nd1,1,mele\nd1,1,pere\n"
    assert columns(check_demand(lots=text)) == [("lots.csv", "position")]


def test_a_lot_of_a_demand_that_is_not_there_is_refused(check_demand):
    text = LOT.format(key="d1") + "d2,1,mele,,,,\n"
    assert columns(check_demand(lots=text)) == [("lots.csv", "demand")]


def test_a_wish_has_an_author_of_people_csv(check_demand):
    people = "email,name\nabitante@example.org,Abitante\n"
    checked = check_demand(people=people, organisation="", type="wish", author="abitante@example.org")
    assert checked.problems == []
