"""Saying something with its proof: exactly what the proof must carry, by editors only, told as a fact."""

from datetime import date

import pytest
import sqlalchemy as sa

from geo.areas import Place
from geo.points import Point
from marketplace import uploads
from marketplace.audit import AuditEvent
from marketplace.evidence import moved_places
from marketplace.organisations.evidence_models import Document
from marketplace.organisations.facts import may_be_shown
from marketplace.organisations.joining_models import Activity
from marketplace.organisations.models import Claim
from marketplace.outbox import OutboxEntry, Topic
from tests.factories import (
    NOW,
    make_claim,
    make_document,
    make_offer,
    make_organisation,
    make_production_place,
)


def address(farm, criterion="organic", proof="certified", **more):
    rest = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/organisations/{farm.slug}/evidence/new?criterion={criterion}&proof={proof}{rest}"


def claims(session, farm):
    session.expire_all()
    return session.scalars(sa.select(Claim).where(Claim.organisation_id == farm.id)).all()


@pytest.mark.parametrize("who", ["owner", "editor"])
def test_an_organic_certificate_is_kept_with_its_document(people, session, farm, organic_form, who):
    assert getattr(people, who).post(address(farm), data=organic_form()).status_code == 302
    (claim,) = claims(session, farm)
    assert claim.details == {"control_body": "IT-BIO-009", "operator_code": "A123", "certificate": "C-2026-1"}
    assert (claim.expires, claim.verified_at, claim.offer_id) == (date(2099, 12, 31), None, None)
    document = session.get(Document, claim.document_id)
    assert (document.media_type, document.organisation_id) == ("application/pdf", farm.id)
    with uploads.open(document.stored_as) as file:
        assert file.read(5) == b"%PDF-"
    assert session.scalar(sa.select(OutboxEntry.payload).where(OutboxEntry.topic == Topic.SUPPLIER)) == {
        "id": farm.id
    }
    assert "claim.stated" in session.scalars(sa.select(AuditEvent.verb)).all()


@pytest.mark.parametrize("who, status", [("member", 403), ("stranger", 404), ("anonymous", 302)])
def test_others_say_nothing_for_it(people, session, farm, organic_form, who, status):
    assert getattr(people, who).post(address(farm), data=organic_form()).status_code == status
    assert claims(session, farm) == []


def test_the_same_certificate_sent_twice_is_said_once(people, session, farm, organic_form):
    for _ in range(2):
        assert people.owner.post(address(farm), data=organic_form()).status_code == 302
    assert len(claims(session, farm)) == 1


@pytest.mark.parametrize(
    "field, value, told",
    [
        ("control_body", "ICEA", "IT-BIO-"),
        ("control_body", "IT-BIO-0099", "IT-BIO-"),
        ("operator_code", "", "proof-field"),
        ("expiry", "2020-01-01", "expiry-error"),
        ("expiry", "9999-01-01", "expiry-error"),
        ("expiry", "31/12/2099", "expiry-error"),
        ("certificate", "x" * 301, "certificate-error"),
    ],
)
def test_what_is_missing_or_wrong_is_told_beside_its_field(
    people, session, farm, organic_form, field, value, told
):
    answer = people.owner.post(address(farm), data=organic_form(**{field: value}))
    assert answer.status_code == 200
    assert f'id="{field}-error"' in answer.text
    assert claims(session, farm) == []


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90\0 not a document", b"<svg onload=alert(1)>", b"%PDF-1.7 cut"]
)
def test_a_file_that_is_no_document_is_refused_whatever_its_name(
    people, session, farm, organic_form, content
):
    answer = people.owner.post(address(farm), data=organic_form(content))
    assert answer.status_code == 200
    assert 'id="document-error"' in answer.text
    assert claims(session, farm) == []
    assert session.scalars(sa.select(Document)).all() == []


def test_a_body_beyond_ten_megabytes_is_refused(people, session, farm, organic_form):
    assert (
        people.owner.post(address(farm), data=organic_form(b"%PDF-" + b"x" * 11_000_000)).status_code == 413
    )
    assert claims(session, farm) == []


def test_organic_is_said_with_a_certificate_only(people, farm):
    page = people.owner.get(address(farm, proof="declared")).text
    assert 'name="control_body"' in page
    assert 'name="statement"' not in page


def test_fields_of_others_and_of_columns_are_ignored(people, session, farm, organic_form):
    other = make_document(session, make_organisation(session))
    session.commit()
    extra = {
        "verified_at": "2026-01-01",
        "organisation_id": "1",
        "id": "7",
        "statement": "x",
        "proof": "peer",
    }
    people.owner.post(address(farm), data=organic_form(**extra))
    (claim,) = claims(session, farm)
    assert (claim.verified_at, claim.proof, claim.organisation_id) == (None, "certified", farm.id)
    assert "statement" not in claim.details
    answer = people.owner.post(
        address(farm), data=organic_form() | {"document": "", "document_id": str(other.id)}
    )
    assert answer.status_code == 200
    assert len(claims(session, farm)) == 1


def test_it_may_hold_for_one_offer_of_its_own_only(people, session, farm, organic_form):
    offer, foreign = make_offer(session, farm), make_offer(session, make_organisation(session))
    session.commit()
    assert people.owner.post(address(farm), data=organic_form(offer=str(foreign.id))).status_code == 404
    assert people.owner.post(address(farm), data=organic_form(offer=str(offer.id))).status_code == 302
    (claim,) = claims(session, farm)
    assert claim.offer_id == offer.id


def test_changing_what_was_checked_takes_the_check_away(people, session, farm):
    claim = make_claim(session, farm, document_id=make_document(session, farm).id)
    session.commit()
    same = {**claim.details, "expiry": "2027-12-31", "document_id": str(claim.document_id)}
    assert people.editor.post(f"/claims/{claim.id}/edit", data=same).status_code == 302
    session.refresh(claim)
    assert claim.verified_at == NOW
    assert (
        people.editor.post(f"/claims/{claim.id}/edit", data=same | {"certificate": "NEW"}).status_code == 302
    )
    session.refresh(claim)
    assert claim.verified_at is None
    assert claim.details["certificate"] == "NEW"


@pytest.mark.parametrize("action", ["edit", "withdraw"])
@pytest.mark.parametrize("who, status", [("member", 403), ("stranger", 404), ("anonymous", 302)])
def test_others_change_nothing(people, session, farm, who, status, action):
    claim = make_claim(session, farm)
    session.commit()
    before = dict(claim.details), claim.verified_at
    answer = getattr(people, who).post(f"/claims/{claim.id}/{action}", data={"certificate": "stolen"})
    assert answer.status_code == status
    session.refresh(claim)
    assert (claim.details, claim.verified_at) == before


def test_what_is_withdrawn_is_gone(people, session, farm):
    claim = make_claim(session, farm)
    session.commit()
    assert people.editor.post(f"/claims/{claim.id}/withdraw").status_code == 302
    assert claims(session, farm) == []


def test_a_member_reads_and_a_stranger_finds_nothing(people, farm, session):
    make_claim(session, farm)
    session.commit()
    page = f"/organisations/{farm.slug}/evidence"
    assert people.member.get(page).status_code == 200
    assert people.stranger.get(page).status_code == 404


def test_km_zero_is_said_only_from_declared_places(people, session, farm):
    page = address(farm, "zero_km", "declared")
    assert people.owner.post(page, data={}).status_code == 200
    assert claims(session, farm) == []
    assert people.owner.post(page, data={"at_seat": "y"}).status_code == 302
    assert claims(session, farm)[0].details == {
        "production_places": "Bergamo (BG)",
        "processing_places": "Bergamo (BG)",
    }


def test_a_far_field_takes_the_word_away_and_the_distance_is_told(people, session, farm):
    make_production_place(
        session, farm, activity=Activity.BOTH, comune="082053", province="PA", lat=38.1157, lon=13.3615
    )
    session.commit()
    answer = people.owner.post(address(farm, "zero_km", "declared"), data={"at_seat": "y"})
    assert answer.status_code == 200
    assert "L. 61/2022" in answer.text
    assert claims(session, farm) == []
    assert (
        people.owner.post(address(farm, "short_chain", "declared"), data={"intermediaries": "1"}).status_code
        == 302
    )
    assert claims(session, farm)[0].details["production_places"] == "Palermo (PA)"


def test_two_intermediaries_are_no_short_chain(people, session, farm):
    answer = people.owner.post(
        address(farm, "short_chain", "declared"), data={"intermediaries": "2", "at_seat": "y"}
    )
    assert answer.status_code == 200
    assert 'id="intermediaries-error"' in answer.text
    assert claims(session, farm) == []


def test_when_places_change_the_word_goes_with_them(session, farm):
    claim = make_claim(
        session, farm, criterion="zero_km", proof="declared", verified=False, expires=None,
        details={"production_places": "Bergamo (BG)", "processing_places": "Bergamo (BG)"},
    )  # fmt: skip
    place = make_production_place(session, farm, activity=Activity.BOTH)
    moved_places.places_changed(session, farm, actor_id=None, now=NOW)
    assert session.get(Claim, claim.id) is not None
    place.lat, place.lon, place.province, place.comune = 38.1157, 13.3615, "PA", "082053"
    moved_places.places_changed(session, farm, actor_id=None, now=NOW)
    session.flush()
    session.expire_all()
    assert session.get(Claim, claim.id) is None


def test_a_signed_declaration_is_written_printed_and_waits_for_its_signature(people, session, farm):
    answer = people.owner.post(
        address(farm, "social_farming", "signed"), data={"statement": "Orto sociale", "date": "2026-01-02"}
    )
    assert answer.status_code == 302
    (claim,) = claims(session, farm)
    sheet = people.owner.get(f"/claims/{claim.id}/declaration.pdf")
    assert sheet.status_code == 200
    assert sheet.data.startswith(b"%PDF-")
    assert "attachment" in sheet.headers["Content-Disposition"]
    assert people.member.get(f"/claims/{claim.id}/declaration.pdf").status_code == 403
    assert people.stranger.get(f"/claims/{claim.id}/declaration.pdf").status_code == 404


def test_what_is_typed_stays_text_on_the_pages(people, farm, organic_form):
    people.owner.post(address(farm), data=organic_form(certificate="<script>alert(1)</script>"))
    for page in (f"/organisations/{farm.slug}/evidence", f"/organisations/{farm.slug}"):
        text = people.owner.get(page).text
        assert "<script>alert" not in text
    assert "numero del certificato &lt;script&gt;" in text
    assert "organismo di controllo IT-BIO-009" in text


def test_a_declaration_that_is_not_signed_yet_is_not_shown(people, session, farm):
    claim = make_claim(
        session,
        farm,
        criterion="legality",
        proof="signed",
        verified=False,
        expires=None,
        details={"statement": "231"},
    )
    session.commit()
    assert ">231" not in people.anonymous.get(f"/organisations/{farm.slug}").text
    claim.document_id = make_document(session, farm).id
    session.commit()
    assert "231" in people.anonymous.get(f"/organisations/{farm.slug}").text


def test_km_zero_from_far_away_is_not_shown(people, session, farm):
    far = {"production_places": "Palermo (PA)", "processing_places": "Palermo (PA)"}
    make_claim(session, farm, criterion="zero_km", proof="declared", expires=None, details=far)
    session.commit()
    assert "Palermo" not in people.anonymous.get(f"/organisations/{farm.slug}").text


def test_a_word_of_the_law_is_said_to_those_who_are_near_enough(session, farm):
    here = {"production_places": "Bergamo (BG)", "processing_places": "Bergamo (BG)"}
    claim = make_claim(session, farm, criterion="zero_km", proof="declared", expires=None, details=here)
    today = NOW.date()
    assert may_be_shown(claim, Place(Point(45.46, 9.19), None, "MI"), today)
    assert not may_be_shown(claim, Place(Point(45.07, 7.69), None, "TO"), today)
    assert may_be_shown(claim, None, today)
    assert not may_be_shown(claim, None, date(2020, 1, 1))


def test_the_last_place_removed_leaves_only_what_is_said_of_the_seat(people, session, farm):
    place = make_production_place(session, farm, activity=Activity.BOTH, comune="016219", name="Treviglio")
    session.commit()
    people.owner.post(address(farm, "short_chain", "declared"), data={"intermediaries": "0"})
    assert claims(session, farm)[0].details["production_places"] == "Treviglio (BG)"
    session.delete(place)
    moved_places.places_changed(session, farm, actor_id=None, now=NOW)
    session.commit()
    assert claims(session, farm) == []
    people.owner.post(address(farm, "short_chain", "declared"), data={"intermediaries": "0", "at_seat": "y"})
    moved_places.places_changed(session, farm, actor_id=None, now=NOW)
    session.commit()
    assert len(claims(session, farm)) == 1
