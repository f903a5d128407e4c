"""The list of a supplier who is not here: of one group only, loaded and exported by its members."""

import pytest
import sqlalchemy as sa

from marketplace.catalogue.import_models import PrivateList, PrivateListItem
from marketplace.catalogue.models import Offer
from marketplace.organisations.models import Kind
from marketplace.outbox import OutboxEntry
from tests.factories import make_offer, make_organisation, make_private_list
from tests.marketplace.price_lists.test_wizard import through, upload
from tests.support.people import people_of

LIST = b"codice;nome;prezzo;um;iva\nA1;Arance bio;1,80;kg;4\nA2;Limoni;2;kg;4\n"


@pytest.fixture
def group(session):
    return make_organisation(session, slug="gas", kinds=(Kind.BUYING_GROUP,))


@pytest.fixture
def people(app, session, group):
    return people_of(app, session, group)


def test_a_group_makes_a_list_and_loads_it_without_publishing_anything(people, session, group):
    made = people.editor.post(
        "/organisations/gas/lists", data={"supplier_name": "Agrumeto", "vat_number": "00007430119"}
    )
    stored = session.scalars(sa.select(PrivateList)).one()
    assert made.location == f"/organisations/gas/import?target=list:{stored.id}"
    through(people.editor, LIST, target=f"list:{stored.id}", slug="gas")
    items = session.scalars(sa.select(PrivateListItem).order_by(PrivateListItem.key)).all()
    assert [(i.title, i.price, i.active) for i in items] == [
        ("Arance bio", 18_000, True),
        ("Limoni", 20_000, True),
    ]
    assert session.scalars(sa.select(Offer)).all() == []
    assert session.scalars(sa.select(OutboxEntry)).all() == []
    assert "Arance bio" in people.member.get(f"/lists/{stored.id}").text


def test_lines_that_the_file_no_longer_has_leave_the_list_and_come_back_by_undo(people, session, group):
    made = make_private_list(session, group)
    session.commit()
    target = f"list:{made.id}"
    through(people.owner, LIST, target=target, slug="gas")
    run, _page, _answer = through(
        people.owner,
        b"codice;nome;prezzo;um;iva\nA2;Limoni;2;kg;4\n",
        confirm={"vanished": "withdraw"},
        target=target,
        slug="gas",
    )

    def active():
        session.expire_all()
        return session.scalars(sa.select(PrivateListItem.key).where(PrivateListItem.active)).all()

    assert active() == ["A2"]
    people.owner.post(f"{run}/undo")
    assert sorted(active()) == ["A1", "A2"]


@pytest.mark.parametrize("who, status", [("stranger", 404), ("anonymous", 302)])
def test_strangers_see_no_private_list(people, session, group, who, status):
    made = make_private_list(session, group, supplier_name="Agrumeto")
    session.commit()
    client = getattr(people, who)
    for path in ("/organisations/gas/lists", f"/lists/{made.id}", f"/lists/{made.id}/price-list.csv"):
        assert client.get(path).status_code == status


def test_another_group_cannot_load_into_it(app, people, session, group):
    made = make_private_list(session, make_organisation(session, kinds=(Kind.BUYING_GROUP,)))
    session.commit()
    assert upload(people.owner, LIST, target=f"list:{made.id}", slug="gas").status_code == 200
    assert session.scalars(sa.select(PrivateListItem)).all() == []


def test_a_producer_keeps_no_private_lists(app, session):
    farm = make_organisation(session, slug="cascina")
    owner = people_of(app, session, farm).owner
    assert owner.post("/organisations/cascina/lists", data={"supplier_name": "X"}).status_code == 400
    assert session.scalars(sa.select(PrivateList)).all() == []


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "pdf"])
def test_everybody_takes_the_public_list_as_a_file_and_no_draft_is_in_it(app, session, kind):
    farm = make_organisation(session, slug="cascina")
    make_offer(session, farm, title="Mele renette", category="food.fruit")
    make_offer(session, farm, title="Segreto", status="draft")
    session.commit()
    answer = app.test_client().get(f"/organisations/cascina/price-list.{kind}")
    assert answer.status_code == 200
    if kind in ("csv", "json"):
        assert "Mele renette" in answer.text
        assert "Segreto" not in answer.text


def test_there_is_no_file_of_who_is_not_public(app, session):
    make_organisation(session, slug="nuova", status="applicant")
    session.commit()
    assert app.test_client().get("/organisations/nuova/price-list.csv").status_code == 404
    assert app.test_client().get("/organisations/nuova/price-list.exe").status_code == 404
