"""Where reserved words are refused, and what lets them stand."""

from datetime import date

import pytest
import sqlalchemy as sa

from marketplace.catalogue import reserved_check
from marketplace.catalogue.models import Offer
from marketplace.catalogue.proven_words import proven_words
from marketplace.catalogue.reserved_words import reserved_words
from marketplace.organisations.models import OrganisationKind
from tests.factories import NOW, make_claim, make_offer, make_organisation
from tests.marketplace.catalogue.forms_filled import offer_data
from tests.support.people import people_of

NEW = "/organisations/orto/offers/new"
CONTACTS = "/organisations/orto/profile/contacts"
CHAIN = {"production_places": "Bergamo", "processing_places": "Stezzano (BG)", "intermediaries": "1"}


@pytest.fixture
def garden(session):
    return make_organisation(session, slug="orto", email="orto@example.org", summary="Ortaggi.")


@pytest.fixture
def people(app, session, garden):
    return people_of(app, session, garden)


def chain_claim(session, farm, criterion="zero_km", **overrides):
    values = {"criterion": criterion, "proof": "declared", "details": CHAIN, "expires": None}
    return make_claim(session, farm, **values | overrides)


@pytest.mark.parametrize(
    "title, instead", [("Mele a km 0", "12 km da te"), ("Mele, filiera corta", "chi le coltiva")]
)
def test_the_words_of_the_short_chain_need_their_characteristic(people, session, garden, title, instead):
    page = people.owner.post(NEW, data=offer_data(title=title)).text
    assert instead in page
    assert session.scalar(sa.select(sa.func.count()).select_from(Offer)) == 0
    chain_claim(session, garden, "zero_km")
    chain_claim(session, garden, "short_chain")
    session.commit()
    people.owner.post(NEW, data=offer_data(title=title))
    assert session.scalars(sa.select(Offer.title)).one() == title


def test_what_is_proven_of_one_offer_holds_for_that_one(session, garden):
    one, other = make_offer(session, garden), make_offer(session, garden)
    chain_claim(session, garden, offer=one)
    found = proven_words(session, garden.id, NOW)
    assert (found.of(one.id), found.of(other.id), found.of(None)) == ({"zero_km"}, frozenset(), frozenset())
    assert found.anywhere() == {"zero_km"}


@pytest.mark.parametrize(
    "overrides",
    [
        {"expires": date(2020, 1, 1)},
        {"details": {"production_places": "Nessundove"}},
        {"criterion": "short_chain", "details": CHAIN | {"intermediaries": "2"}},
        {"criterion": "organic", "proof": "declared"},
        {"criterion": "agroecology"},
    ],
)
def test_what_does_not_stand_proves_nothing(session, garden, overrides):
    chain_claim(session, garden, **overrides)
    assert proven_words(session, garden.id, NOW).anywhere() == frozenset()


def test_a_claim_can_be_thought_away(session, garden):
    claim = make_claim(session, garden)
    assert proven_words(session, garden.id, NOW).everywhere == {"organic"}
    assert proven_words(session, garden.id, NOW, without=[claim.id]).everywhere == frozenset()


def contacts(**overrides):
    return {
        "summary": "Ortaggi.",
        "description": "",
        "email": "orto@example.org",
        "phone": "035 000000",
    } | overrides


def test_a_producer_does_not_say_of_itself_what_is_not_proven(people, session, garden):
    page = people.owner.post(CONTACTS, data=contacts(description="Ortaggi biologici"))
    assert "agroecologic" in page.text
    make_claim(session, garden, make_offer(session, garden))
    session.commit()
    assert people.owner.post(CONTACTS, data=contacts(description="Ortaggi biologici")).status_code == 302


def test_a_group_may_say_that_it_buys_organic_food(people, session, garden):
    garden.kinds = [OrganisationKind(kind="buying_group")]
    session.commit()
    assert people.owner.post(CONTACTS, data=contacts(summary="Compriamo bio")).status_code == 302


@pytest.mark.parametrize("word", ["bio", "km 0", "filiera corta"])
def test_every_refusal_names_the_word_and_proposes_others(request_context, word):
    (found,) = reserved_words(word)
    assert word in reserved_check.sentence(found)
