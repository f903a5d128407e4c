"""What becomes of reserved words in offers when the certificate that allowed them is gone."""

from datetime import date

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.catalogue.models import OfferStatus
from marketplace.catalogue.unproven_descriptions import unproven_descriptions
from marketplace.catalogue.unproven_offers import unproven_offers
from marketplace.evidence.expiry_round import warn_of_expiry
from marketplace.evidence.withdrawing import offers_resting_on
from marketplace.organisations.evidence_models import ClaimCheck
from marketplace.organisations.models import Claim, Kind, Status
from tests.factories import NOW, make_claim, make_offer, make_organisation
from tests.support.mails import mails


@pytest.fixture
def apples(session, farm):
    return make_offer(session, farm, title="Mele bio")


def test_words_hold_the_certificate_until_the_products_are_drafts(session, people, farm, apples):
    plain = make_offer(session, farm, title="Pere")
    claim = make_claim(session, farm)
    session.commit()
    refused = people.owner.post(f"/claims/{claim.id}/withdraw")
    assert (refused.status_code, "Mele bio" in refused.text, "Pere" in refused.text) == (409, True, False)
    assert session.get(Claim, claim.id) is not None
    assert people.owner.post(f"/claims/{claim.id}/withdraw", data={"offers": "draft"}).status_code == 302
    session.expire_all()
    assert session.scalars(sa.select(Claim)).all() == []
    assert (apples.status, plain.status) == (OfferStatus.DRAFT, OfferStatus.PUBLISHED)
    verbs = session.scalars(sa.select(AuditEvent.verb).order_by(AuditEvent.id)).all()
    assert verbs == ["offer.drafted", "claim.withdrawn"]


def test_a_certificate_beside_which_another_stands_is_withdrawn_at_once(session, people, farm, apples):
    claim = make_claim(session, farm)
    make_claim(session, farm, apples)
    session.commit()
    assert people.owner.post(f"/claims/{claim.id}/withdraw").status_code == 302


def test_two_certificates_that_go_together_hold_the_same_words(session, farm, apples):
    one, other = make_claim(session, farm), make_claim(session, farm, apples)
    assert offers_resting_on(session, [one], NOW) == []
    assert [row.offer for row in offers_resting_on(session, [one, other], NOW)] == [apples]


@pytest.mark.parametrize("how", ["expired", "refused", "gone"])
def test_what_nothing_proves_any_more_waits_on_the_desk_and_on_the_owners_page(
    session, people, desk, farm, apples, how
):
    make_offer(session, farm, title="Fagioli, biodiversità")
    make_offer(session, farm, title="Uva bio", status=OfferStatus.DRAFT)
    closed = make_organisation(session, status=Status.SUSPENDED)
    make_offer(session, closed, title="Kiwi bio")
    if how != "gone":
        claim = make_claim(session, farm, verified=how == "expired")
        if how == "expired":
            claim.expires = date(2020, 1, 1)
        else:
            session.add(ClaimCheck(claim_id=claim.id, at=NOW, verdict="rejected"))
    session.commit()
    assert [(row.offer, row.found.word) for row in unproven_offers(session, NOW)] == [(apples, "bio")]
    assert "Mele bio" in desk.get("/desk").text
    assert "Mele bio" in people.owner.get(f"/organisations/{farm.slug}/evidence").text
    page = people.anonymous.get(f"/offers/{apples.id}").text
    assert "nessuna prova valida" in page
    assert "IT-BIO-000" not in page
    at = f"/organisations/{farm.slug}/evidence/draft-offers"
    assert people.member.post(at).status_code == 403
    people.editor.post(at)
    session.expire_all()
    assert apples.status == OfferStatus.DRAFT
    assert unproven_offers(session, NOW) == []


def test_what_a_producer_says_of_itself_is_looked_at_again_when_the_proof_is_gone(
    session, people, desk, farm
):
    farm.summary = "Ortaggi biologici"
    make_organisation(session, kinds=(Kind.BUYING_GROUP,), summary="Compriamo bio")
    claim = make_claim(session, farm)
    session.commit()
    assert unproven_descriptions(session, NOW) == []
    claim.expires = date(2020, 1, 1)
    session.commit()
    (row,) = unproven_descriptions(session, NOW)
    assert (row.organisation, row.found.word) == (farm, "biologici")
    assert farm.name in desk.get("/desk").text
    assert "biologici" in people.member.get(f"/organisations/{farm.slug}/evidence").text


def test_the_mail_before_the_last_day_names_the_products_to_write_otherwise(session, people, farm, apples):
    make_claim(session, farm, expires=date(2026, 12, 1))
    session.commit()
    assert warn_of_expiry(session, NOW) == 1
    (mail,) = mails(session)
    assert "- Mele bio" in mail["text"]
