"""The open data: valid against the schema of OCDS 1.1, unofficial and saying so, with nothing that is not public."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from marketplace.audit import record
from marketplace.choosing.models import Award, Outcome
from marketplace.demands.lifecycle import State
from marketplace.demands.models import DemandType
from marketplace.open_data.queries import public_requests
from marketplace.open_data.releases import package, release
from marketplace.open_data.values import Body, PublicAward, PublicLot, PublicOutcome, PublicRequest
from marketplace.organisations.models import Status
from tests.answer_factories import make_proposal
from tests.factories import NOW, make_demand, make_lot, make_organisation
from tests.marketplace.choosing.market import LATER, carrots, make_grower, make_quotes, make_town
from tests.support.sql import counted_statements

SCHEMAS = Path(__file__).parents[2] / "data" / "ocds"
HOUR = timedelta(hours=1)
PATH = "/api/v1/ocds/releases.json"


@pytest.fixture(scope="module")
def validator():
    of_release = json.loads((SCHEMAS / "release-schema-1.1.json").read_text())
    of_package = json.loads((SCHEMAS / "release-package-schema-1.1.json").read_text())
    registry = Registry().with_resource(of_release["id"], Resource(contents=of_release, specification=DRAFT4))
    return jsonschema.Draft4Validator(
        of_package, registry=registry, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
    )


def request_of(**overrides):
    values = {
        "id": 5,
        "type": DemandType.QUOTE_REQUEST,
        "type_label": "Richiesta di preventivo",
        "title": "Mele",
        "description": "Per la merenda.",
        "state": State.OPEN,
        "buyer": Body("comune", "Comune di Prova", "01234567890", "https://x.example/organisations/comune"),
        "url": "https://x.example/demands/5",
        "notice_link": "",
        "place": "Bergamo (BG)",
        "lots": (PublicLot(9, "mele", "03222321", "Mele", 1_500_500, "kg", "kg", 12_345),),
        "requirements": ("Biologico (certificato) o equivalente",),
        "codes": (("environmental-impact:biodiv-eco", "Biodiversità"),),
        "value": 123_450,
        "budget_with_vat": False,
        "published_at": NOW,
        "questions_until": None,
        "closes_at": NOW + timedelta(days=5),
        "period_from": date(2026, 12, 1),
        "period_until": None,
        "demo": False,
        "outcome": None,
    }
    return PublicRequest(**values | overrides)


def outcome_of(**overrides):
    values = {
        "awarded": True,
        "recorded_at": LATER,
        "act_number": "12",
        "act_date": date(2026, 11, 21),
        "cig": "B1234567AF",
        "link": "https://x.example/atto",
        "reason": "",
        "awards": (PublicAward(3, Body("orto", "Orto"), 9, 100_000),),
    }
    return PublicOutcome(**values | overrides)


def errors_of(validator, content):
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(content)]


@pytest.mark.parametrize(
    "request_",
    [
        request_of(),
        request_of(type=DemandType.MARKET_CONSULTATION, value=None, lots=(), closes_at=None),
        request_of(type=DemandType.CO_DESIGN, requirements=(), codes=()),
        request_of(type=DemandType.NOTICE_ELSEWHERE, notice_link="https://x.example/avviso"),
        request_of(type=DemandType.SOCIAL_COOP_AGREEMENT, questions_until=NOW, demo=True),
        request_of(state=State.OUTCOME_RECORDED, outcome=outcome_of()),
        request_of(state=State.WITHDRAWN, changed_at=LATER),
        request_of(
            state=State.WITHOUT_OUTCOME,
            outcome=outcome_of(awarded=False, awards=(), reason="Nessuna risposta.", act_date=None),
        ),
    ],
)
def test_every_kind_of_request_is_valid_against_the_schema(validator, request_):
    content = package([request_], prefix="ocds-test01", uri="https://x.example/r", publisher="Distretto")
    assert errors_of(validator, json.loads(json.dumps(content))) == []


def test_what_a_release_says():
    told = release(request_of(state=State.OUTCOME_RECORDED, outcome=outcome_of()), "ocds-test01")
    assert told["ocid"] == "ocds-test01-5"
    assert told["tag"] == ["tender", "award"]
    tender = told["tender"]
    assert (tender["status"], tender["procurementMethod"], tender["mainProcurementCategory"]) == (
        "complete",
        "direct",
        "goods",
    )
    assert tender["value"] == {"amount": 1234.5, "currency": "EUR"}
    (item,) = tender["items"]
    assert item["classification"] == {"scheme": "CPV", "id": "03222321", "description": "Mele"}
    assert item["quantity"] == 1500.5
    assert item["unit"] == {
        "scheme": "UNCEFACT",
        "id": "KGM",
        "name": "kg",
        "value": {"amount": 1.2345, "currency": "EUR"},
    }
    assert tender["eFormsCodes"] == [
        {"scheme": "eForms environmental-impact", "id": "biodiv-eco", "description": "Biodiversità"}
    ]
    (award,) = told["awards"]
    assert award["value"] == {"amount": 1000, "currency": "EUR"}
    assert "determina n. 12 del 21/11/2026; CIG B1234567AF" in award["description"]
    assert {party["id"]: party["roles"] for party in told["parties"]} == {
        "comune": ["buyer", "procuringEntity"],
        "orto": ["supplier"],
    }


def test_it_says_that_it_is_unofficial_and_what_is_a_demonstration():
    told = package([request_of(demo=True)], prefix="p", uri="https://x.example/r", publisher="Distretto")
    assert "non ufficiale" in told["publisher"]["name"]
    assert "non ufficiale" in told["releases"][0]["tender"]["description"]
    assert "Dati dimostrativi" in told["releases"][0]["tender"]["description"]


def test_a_budget_with_vat_is_not_given_for_one_without():
    (item,) = release(request_of(budget_with_vat=True), "p")["tender"]["items"]
    assert "value" not in item["unit"]


def test_a_consultation_asks_for_nothing_and_awards_nothing():
    told = release(request_of(type=DemandType.MARKET_CONSULTATION), "p")
    assert told["tag"] == ["planning"]
    assert told["tender"]["status"] == "planning"
    assert "procurementMethod" not in told["tender"]


def test_the_feed_is_a_valid_package_of_public_requests(app, session, client, validator):
    town, supplier = make_town(session, tax_code="00123456789"), make_grower(session, "Orto")
    demand = make_quotes(
        session, town, required=[{"criterion": "organic", "proofs": ["certified"]}], estimated_value=200_000
    )
    make_proposal(session, demand, make_grower(session, "Segreta"))
    outcome = Outcome(
        demand_id=demand.id, kind="awarded", act_number="1", recorded_at=LATER, cig="B1234567AF"
    )
    outcome.awards = [
        Award(organisation_id=supplier.id, name="Orto", amount=150_000),
        Award(name="Maria Rossi", tax_code="RSSMRA80A41A794X", amount=1),
    ]
    session.add(outcome)
    session.commit()
    answer = client.get(PATH)
    assert errors_of(validator, answer.json) == []
    (told,) = answer.json["releases"]
    assert told["ocid"] == f"{app.config['OCDS_PREFIX']}-{demand.id}"
    assert told["tender"]["eligibilityCriteria"].endswith("o equivalente")
    assert {code["id"] for code in told["tender"]["eFormsCodes"]} >= {"biodiv-eco", "env-imp"}
    assert "Segreta" not in answer.text
    assert "RSSMRA80A41A794X" not in answer.text
    assert "00123456789" in answer.text


def test_a_reserve_is_told_by_its_code(session, app):
    town = make_town(session)
    make_quotes(session, town, type=DemandType.SOCIAL_COOP_AGREEMENT, qualifications=["albo_b"])
    session.commit()
    with app.test_request_context():
        (request_,) = public_requests(session, LATER).requests
    assert "reserved-procurement:res-ws" in dict(request_.codes)


def test_of_what_was_withdrawn_only_that_it_was_is_told(session, client):
    town = make_town(session)
    demand = make_quotes(session, town, title="Da ritirare", withdrawn_at=NOW + HOUR)
    record(session, now=NOW + HOUR, actor_id=None, verb="demand.withdrawn", subject=demand)
    session.commit()
    answer = client.get(PATH)
    (found,) = answer.json["releases"]
    assert (found["tag"], found["tender"]["status"]) == (["tenderCancellation"], "cancelled")
    assert found["date"] == (NOW + HOUR).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "Da ritirare" not in answer.text


def test_what_is_changed_after_its_publication_is_another_release(session, client):
    demand = make_quotes(session, make_town(session))
    session.commit()
    (before,) = client.get(PATH).json["releases"]
    demand.closes_at += timedelta(days=1)
    record(session, now=NOW + HOUR, actor_id=None, verb="demand.clarified", subject=demand)
    session.commit()
    (after,) = client.get(PATH).json["releases"]
    assert before["ocid"] == after["ocid"]
    assert before["id"] != after["id"]


def test_neither_groups_nor_drafts_nor_the_suspended_are_there(session, client):
    town = make_town(session)
    make_quotes(session, town, published_at=None)
    make_quotes(session, town, published_at=None, withdrawn_at=NOW)
    make_quotes(session, make_town(session, status=Status.SUSPENDED))
    make_demand(session, make_organisation(session), lots=(carrots(),))
    make_demand(session, None)
    # a kind that no public body is
    make_quotes(session, make_organisation(session))
    session.commit()
    # the schema admits no package without a release
    assert (client.get(PATH).status_code, client.get(PATH).data) == (204, b"")


def test_the_feed_can_be_asked_by_year_and_from_a_day_and_says_when_nothing_has_changed(session, client):
    town = make_town(session)
    make_quotes(session, town, title="Nuova")
    make_quotes(session, town, title="Vecchia", published_at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    session.commit()

    def titles(query):
        answer = client.get(f"{PATH}?{query}")
        return answer.status_code == 200 and [one["tender"]["title"] for one in answer.json["releases"]]

    # half past midnight of the first of January in Rome
    assert titles("year=2026") == ["Vecchia", "Nuova"]
    assert titles("from=2026-02-01") == ["Nuova"]
    assert not titles("year=2025")
    assert not titles("page=99")
    first = client.get(PATH)
    assert client.get(PATH, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert "public" in first.headers["Cache-Control"]


@pytest.mark.parametrize(
    "query", ["year=abc", "year=0", "year=²", "year=99999", "from=ieri", "from=0001-01-01", "year=9999"]
)
def test_years_and_days_that_are_none_are_refused(session, client, query):
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "malformed"


def test_many_requests_cost_no_more_questions_than_few(app, session, client):
    town = make_town(session)

    def ask():
        client.get(PATH)
        with counted_statements(app) as sent:
            assert client.get(PATH).status_code == 200
        return len(sent)

    make_quotes(session, town)
    session.commit()
    few = ask()
    for _number in range(5):
        make_quotes(session, make_town(session), lots=(make_lot(1), make_lot(2)))
    session.commit()
    assert ask() <= few <= 12
