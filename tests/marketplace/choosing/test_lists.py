"""Freezing a list: by its buyer, for types that rank; as page, PDF and JSON; with what has changed since."""

import hashlib
import json

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.catalogue.documents import supplier_documents
from marketplace.choosing import list_operations
from marketplace.choosing.frozen_input import content_of_today
from marketplace.choosing.models import FrozenList
from marketplace.demands.models import DemandType
from marketplace.demands.values import matchable
from marketplace.engines import categories, criteria
from marketplace.errors import NotFound
from search.memory import World
from tests.answer_factories import make_joint
from tests.factories import NOW, make_offer, make_organisation
from tests.marketplace.choosing.market import LATER, carrots, make_grower, make_quotes, make_town
from tests.support.people import people_of


@pytest.fixture
def town(session):
    return make_town(session)


@pytest.fixture
def people(app, session, town):
    return people_of(app, session, town)


@pytest.fixture
def editor(people):
    return people.persons["editor"]


def test_what_is_frozen_is_what_the_database_ranks(session, town, editor):
    make_grower(session)
    make_grower(session, "Lontano", lat=45.5, lon=9.5)
    make_offer(session, make_organisation(session), category="textiles")
    demand = make_quotes(session, town)
    content = content_of_today(session, editor, demand, NOW)
    answer = World(supplier_documents(session), categories(), criteria()).match(matchable(demand), NOW)
    assert content["answer"]["considered"] == answer.considered == 3
    assert content["answer"]["in_category"] == 2
    assert [match["supplier_id"] for match in content["answer"]["matches"]] == [
        match.supplier_id for match in answer.matches
    ]
    assert content["suppliers"][0]["offers"][0]["version"] == 1


def test_a_list_is_kept_with_its_hash_and_leaves_a_trace(session, town, editor):
    make_grower(session)
    demand = make_quotes(session, town)
    kept = list_operations.freeze_list(session, editor, demand, now=LATER)
    assert hashlib.sha256(kept.content.encode()).hexdigest() == kept.sha256
    event = session.scalar(sa.select(AuditEvent).where(AuditEvent.verb == "list.frozen"))
    assert (event.actor_id, event.details["sha256"]) == (editor.id, kept.sha256)
    assert editor.name not in kept.content


@pytest.mark.parametrize("who", ["stranger", "member"])
def test_nobody_but_an_editor_of_the_buyer_freezes(session, town, people, who):
    with pytest.raises(NotFound):
        list_operations.freeze_list(session, people.persons[who], make_quotes(session, town), now=LATER)


@pytest.mark.parametrize(
    "type_", [DemandType.MARKET_CONSULTATION, DemandType.CO_DESIGN, DemandType.NOTICE_ELSEWHERE]
)
def test_what_must_not_rank_has_no_lists(session, town, people, type_):
    demand = make_quotes(session, town, type=type_)
    session.commit()
    with pytest.raises(NotFound):
        list_operations.freeze_list(session, people.persons["editor"], demand, now=LATER)
    assert people.editor.get(f"/demands/{demand.id}/lists").status_code == 404
    assert session.scalar(sa.select(sa.func.count(FrozenList.id))) == 0


def test_page_pdf_and_json_of_a_list(session, town, people):
    make_grower(session, "Orto <b>Vivo</b>")
    demand = make_quotes(session, town)
    session.commit()
    answer = people.editor.post(f"/demands/{demand.id}/lists")
    path = answer.headers["Location"]
    kept = session.scalar(sa.select(FrozenList))
    page = people.editor.get(path)
    assert "Orto &lt;b&gt;Vivo&lt;/b&gt;" in page.text
    assert kept.sha256 in page.text
    file = people.editor.get(f"{path}.json")
    assert hashlib.sha256(file.data).hexdigest() == kept.sha256
    assert json.loads(file.data)["answer"]["eligible"] == 1
    assert people.editor.get(f"{path}.pdf").data.startswith(b"%PDF")
    assert kept.sha256[:16] in people.editor.get(f"/demands/{demand.id}/lists").text


def test_joint_answers_are_listed_once_they_may_be_opened(session, town, people):
    demand = make_quotes(session, town, lots=(carrots(0), carrots(1)))
    make_joint(session, demand, make_grower(session, "Guida"), make_grower(session, "Compagna"))
    editor = people.persons["editor"]
    before = list_operations.freeze_list(session, editor, demand, now=NOW)
    assert "Compagna" not in str(json.loads(before.content)["joint_answers"])
    after = list_operations.freeze_list(session, editor, demand, now=LATER)
    told = json.loads(after.content)["answer"]["joint_answers"]
    assert [partner["name"] for partner in told[0]["partners"]] == ["Guida", "Compagna"]
    assert "price" not in str(json.loads(after.content)["joint_answers"])
    page = people.editor.get(f"/demands/{demand.id}/lists/{after.id}").text
    assert "Guida, Compagna" in page
    assert "Compagna (carote): " in page
    assert "sarebbe lo stesso" in page
    since = people.editor.get(f"/demands/{demand.id}/lists/{before.id}").text
    assert "Questa proposta congiunta non era nell’elenco" in since
    assert people.editor.get(f"/demands/{demand.id}/lists/{after.id}.pdf").data.startswith(b"%PDF")


def test_the_pages_are_the_buyer_s_alone(session, town, people):
    demand = make_quotes(session, town)
    session.commit()
    path = people.editor.post(f"/demands/{demand.id}/lists").headers["Location"]
    for address in (f"/demands/{demand.id}/lists", path, f"{path}.pdf", f"{path}.json"):
        assert people.stranger.get(address).status_code == 404
        assert people.anonymous.get(address).status_code == 302


def test_a_list_is_not_found_under_another_demand(session, town, people):
    demand, other = make_quotes(session, town), make_quotes(session, town)
    session.commit()
    path = people.editor.post(f"/demands/{demand.id}/lists").headers["Location"]
    assert people.editor.get(path.replace(f"/{demand.id}/", f"/{other.id}/", 1)).status_code == 404


def test_the_page_tells_who_came_since(session, town, people):
    make_grower(session, "Prima")
    demand = make_quotes(session, town)
    session.commit()
    path = people.editor.post(f"/demands/{demand.id}/lists").headers["Location"]
    assert "sarebbe lo stesso" in people.editor.get(path).text
    make_grower(session, "Dopo")
    session.commit()
    page = people.editor.get(path).text
    assert "<strong>Dopo</strong>" in page
    assert "sarebbe lo stesso" not in page
