"""Every version that was public stays, and two can be compared."""

from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from marketplace.catalogue import operations
from marketplace.catalogue.detail_models import OfferVersion
from marketplace.catalogue.models import Offer
from marketplace.catalogue.versions import content_of, differences, values_of
from marketplace.db import db, writing
from marketplace.errors import Conflict
from tests.factories import NOW, make_membership, make_offer, make_organisation, make_user
from tests.marketplace.catalogue.forms_filled import offer_data
from tests.support.people import people_of

BREAD = "food.bakery.bread"


@pytest.fixture
def offer(session):
    return make_offer(session, make_organisation(session), title="Pane", category=BREAD, price=40_000)


@pytest.fixture
def people(app, session, offer):
    return people_of(app, session, offer.organisation)


def kept(session, offer):
    session.expire_all()
    rows = session.scalars(
        sa.select(OfferVersion).where(OfferVersion.offer_id == offer.id).order_by(OfferVersion.version)
    )
    return [(row.version, row.content["title"], row.actor_id) for row in rows]


def test_what_was_loaded_and_what_is_saved_are_both_kept(people, session, offer):
    people.editor.post(f"/offers/{offer.id}/edit", data=offer_data(title="Pane nero", version="1"))
    assert kept(session, offer) == [(1, "Pane", None), (2, "Pane nero", people.persons["editor"].id)]


def test_drafts_and_withdrawn_offers_are_not_versions_that_were_public(people, session, offer):
    people.owner.post(f"/offers/{offer.id}/withdraw")
    people.owner.post(f"/offers/{offer.id}/edit", data=offer_data(title="In prova", version="2"))
    assert [title for _version, title, _actor in kept(session, offer)] == ["Pane"]
    people.owner.post(f"/offers/{offer.id}/republish")
    assert [title for _version, title, _actor in kept(session, offer)] == ["Pane", "In prova"]


def test_two_versions_are_compared_field_by_field_in_words(people, session, offer):
    people.owner.post(
        f"/offers/{offer.id}/edit",
        data=offer_data(title="Pane nero", price="4,50", version="1", months=["6", "7"]),
    )
    page = people.owner.get(
        f"/offers/{offer.id}/versions?older=1&newer=2", headers={"Accept-Language": "it"}
    ).text
    for words in (
        "<del>Pane</del>",
        "<ins>Pane nero</ins>",
        "<del>4,00\u00a0€</del>",
        "<ins>4,50\u00a0€</ins>",
        "giugno–luglio",
    ):
        assert words in page
    assert "<del>kg</del>" not in page


@pytest.mark.parametrize(
    "numbers", ["older=-1&newer=x", "older=9999999999999999999999&newer=1", "older=&newer=", "older=2"]
)
def test_versions_that_are_none_are_the_newest_ones(people, offer, numbers):
    assert people.owner.get(f"/offers/{offer.id}/versions?{numbers}").status_code == 200


@pytest.mark.parametrize("who, status", [("member", 403), ("stranger", 404), ("anonymous", 302)])
def test_versions_are_for_editors(people, offer, who, status):
    assert getattr(people, who).get(f"/offers/{offer.id}/versions").status_code == status


def test_versions_hold_plain_values_without_names(people, session, offer):
    import json

    people.owner.post(f"/offers/{offer.id}/edit", data=offer_data(version="1"))
    for row in session.scalars(sa.select(OfferVersion)):
        assert people.persons["owner"].name not in json.dumps(row.content)


def test_what_is_the_same_differs_in_nothing(session, offer):
    content = content_of(values_of(session, offer))
    assert differences(content, content) == ()
    assert [found.field for found in differences(content, content | {"price": 1})] == ["price"]


def test_a_conflict_shows_both_versions_side_by_side(people, session, offer):
    people.owner.post(f"/offers/{offer.id}/edit", data=offer_data(title="Pane nero", price="5", version="1"))
    answer = people.editor.post(
        f"/offers/{offer.id}/edit",
        data=offer_data(title="Pane bianco", price="6", version="1"),
        headers={"Accept-Language": "it"},
    )
    assert answer.status_code == 409
    for words in (
        "<del>Pane nero</del>",
        "<ins>Pane bianco</ins>",
        "<del>5,00\u00a0€</del>",
        "<ins>6,00\u00a0€</ins>",
    ):
        assert words in answer.text


def test_of_two_who_save_at_once_over_real_connections_one_is_told(fresh_app):
    """Both have read the same version before either writes, where the database lets them."""
    with fresh_app.app_context(), writing():
        organisation = make_organisation(db.session)
        people = [make_user(db.session) for _person in range(2)]
        for person in people:
            make_membership(db.session, person, organisation)
        offer_id = make_offer(db.session, organisation, title="Pane", category=BREAD).id
        ids = [person.id for person in people]
        db.session.commit()
    gate, outcomes = Barrier(2), {}

    def save(person_id: int) -> None:
        from marketplace.accounts.models import User

        with fresh_app.app_context():
            # as a page does: the form was opened before
            version = db.session.get(Offer, offer_id).version
            db.session.rollback()
            gate.wait(timeout=20)
            with writing():
                offer = db.session.get(Offer, offer_id)
                values = operations.OfferValues(
                    title=f"Pane di {person_id}", category=BREAD, unit="kg", vat_treatment="vat_4"
                )
                try:
                    operations.change_offer(
                        db.session, db.session.get(User, person_id), offer, values, version=version, now=NOW
                    )
                    outcomes[person_id] = "saved"
                except Conflict as refused:
                    outcomes[person_id] = refused.code
                    # the page that says so reads what is stored
                    assert values_of(db.session, db.session.get(Offer, offer_id)).title != values.title

    threads = [Thread(target=save, args=(id_,)) for id_ in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes.values()) == ["changed_meanwhile", "saved"]
    winner = next(id_ for id_, outcome in outcomes.items() if outcome == "saved")
    with fresh_app.app_context():
        stored = db.session.get(Offer, offer_id)
        assert (stored.title, stored.version) == (f"Pane di {winner}", 2)
        versions = db.session.scalars(sa.select(OfferVersion.version).order_by(OfferVersion.version)).all()
        assert versions == [1, 2]
