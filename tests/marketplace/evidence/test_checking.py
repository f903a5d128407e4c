"""Checking: the desk, or a network within its criterion and area; never one's own, never something else than was seen."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.catalogue.documents import supplier_documents
from marketplace.catalogue.proven_words import proven_words
from marketplace.errors import Conflict
from marketplace.evidence.checking import check_claim
from marketplace.evidence.checking_queue import claims_to_check
from marketplace.evidence.desk import claims_section
from marketplace.evidence.operations import ClaimValues, change_claim
from marketplace.evidence.substance import fingerprint
from marketplace.organisations.evidence_models import CheckVerdict, ClaimCheck
from marketplace.organisations.models import Claim, Kind, MemberRole, Status
from tests.factories import (
    NOW,
    make_claim,
    make_delegation,
    make_document,
    make_membership,
    make_organisation,
    make_user,
)
from tests.support.mails import mails
from tests.support.people import browser_of


@pytest.fixture
def claim(session, farm):
    made = make_claim(session, farm, verified=False, document_id=make_document(session, farm).id)
    session.commit()
    return made


def check(browser, claim, verdict="verified", note="", seen=None):
    data = {"verdict": verdict, "note": note, "seen": seen or fingerprint(claim)}
    return browser.post(f"/claims/{claim.id}/check", data=data)


def test_the_desk_verifies_and_the_history_says_so(session, desk, claim):
    assert desk.get("/checks").status_code == 200
    assert check(desk, claim, note="Letto su SINAB").status_code == 302
    session.refresh(claim)
    assert claim.verified_at is not None
    (made,) = session.scalars(sa.select(ClaimCheck)).all()
    assert (made.verdict, made.note, made.network_id) == ("verified", "Letto su SINAB", None)
    assert "Letto su SINAB" in desk.get(f"/claims/{claim.id}/check").text


@pytest.mark.parametrize(
    "who, status", [("owner", 404), ("editor", 404), ("member", 404), ("stranger", 404), ("anonymous", 302)]
)
def test_nobody_else_checks(session, people, claim, who, status):
    browser = getattr(people, who)
    assert browser.get(f"/claims/{claim.id}/check").status_code == status
    assert check(browser, claim).status_code == status
    session.refresh(claim)
    assert claim.verified_at is None


def test_a_delegate_checks_within_its_criterion_and_area(session, delegate, claim):
    for outside in (
        delegate("legality"),
        delegate(provinces=["MI"]),
        delegate(until=NOW - timedelta(days=300)),
        delegate(role=MemberRole.MEMBER),
    ):
        assert check(outside, claim).status_code == 404
        assert "Cascina Prova" not in outside.get("/checks").text
    inside = delegate(provinces=["BG"])
    assert "Cascina Prova" in inside.get("/checks").text
    assert check(inside, claim).status_code == 302
    assert session.scalar(sa.select(ClaimCheck.network_id)) is not None


def test_a_suspended_network_checks_nothing(app, session, claim):
    network = make_organisation(session, kinds=(Kind.NETWORK,), status=Status.SUSPENDED)
    person = make_user(session)
    make_membership(session, person, network)
    make_delegation(session, network)
    session.commit()
    assert check(browser_of(app, person), claim).status_code == 404


def test_nobody_checks_what_their_own_organisation_says(app, session, farm, claim):
    clerk = make_user(session, duties=("secretariat",))
    make_membership(session, clerk, farm, MemberRole.MEMBER)
    make_membership(session, clerk, make_organisation(session, kinds=(Kind.NETWORK,)))
    make_delegation(session, farm)
    session.commit()
    assert check(browser_of(app, clerk), claim).status_code == 404
    assert claims_to_check(session, clerk, NOW) == []


def test_what_was_changed_meanwhile_is_looked_at_again(session, desk, claim):
    seen = fingerprint(claim)
    claim.details = {**claim.details, "certificate": "ANOTHER"}
    session.commit()
    assert check(desk, claim, seen=seen).status_code == 409
    session.refresh(claim)
    assert claim.verified_at is None


def test_a_refusal_needs_its_reason_and_reaches_the_owners(session, desk, people, claim):
    assert check(desk, claim, "rejected").status_code == 200
    assert check(desk, claim, "rejected", note="Il numero è di un altro").status_code == 302
    (mail,) = mails(session)
    assert mail["to"] == people.persons["owner"].email
    assert "Il numero è di un altro" in mail["text"]


def test_what_was_refused_is_not_shown_does_not_count_and_does_not_wait(session, desk, people, farm, claim):
    clerk = make_user(session, duties=("secretariat",))
    assert "organic" in proven_words(session, farm.id, NOW).everywhere
    check(desk, claim, "rejected", note="No")
    assert "organic" not in proven_words(session, farm.id, NOW).everywhere
    assert [document.claims for document in supplier_documents(session, [farm.id])] == [()]
    assert "IT-BIO-000" not in people.anonymous.get(f"/organisations/{farm.slug}").text
    assert claims_to_check(session, clerk, NOW) == []
    values = {
        **claim.details,
        "certificate": "RIGHT",
        "expiry": "2027-12-31",
        "document_id": str(claim.document_id),
    }
    people.owner.post(f"/claims/{claim.id}/edit", data=values)
    session.expire_all()
    assert [row.claim.id for row in claims_to_check(session, clerk, NOW)] == [claim.id]
    assert "organic" in proven_words(session, farm.id, NOW).everywhere


def test_the_queue_holds_only_what_needs_a_decision(session, farm, claim):
    clerk = make_user(session, duties=("secretariat",))
    waiting = {"verified": False, "criterion": "agroecology"}
    make_claim(session, farm)
    make_claim(session, farm, proof="declared", **waiting)
    make_claim(session, farm, expires=NOW.date() - timedelta(days=1), verified=False)
    make_claim(session, farm, criterion="legality", proof="signed", verified=False)
    make_claim(session, make_organisation(session, status=Status.APPLICANT), verified=False)
    delegated = make_claim(session, farm, proof="visited", created_at=NOW - timedelta(days=9), **waiting)
    make_delegation(session, make_organisation(session, kinds=(Kind.NETWORK,)), "agroecology")
    session.commit()
    assert [row.claim.id for row in claims_to_check(session, clerk, NOW)] == [claim.id, delegated.id]
    assert claims_to_check(session, make_user(session), NOW) == []


def test_the_desk_is_told_of_what_no_network_checks(app, session, desk, claim):
    assert f"/claims/{claim.id}/check" in desk.get("/desk").text
    make_delegation(session, make_organisation(session, kinds=(Kind.NETWORK,)))
    session.commit()
    with app.test_request_context():
        assert claims_section(session, NOW).total == 0


def test_a_declaration_without_its_signature_is_not_verified(session, desk, farm):
    unsigned = make_claim(session, farm, criterion="legality", proof="signed", verified=False, expires=None)
    session.commit()
    assert check(desk, unsigned).status_code == 409


def _another_process(session, claim, **values):
    """Writes past what this session has read, as a commit from elsewhere would."""
    session.execute(
        sa.update(Claim)
        .where(Claim.id == claim.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def test_a_check_that_comes_in_between_is_not_of_what_is_said_anew(session, farm, claim):
    owner = make_user(session)
    make_membership(session, owner, farm)
    assert claim.verified_at is None
    _another_process(session, claim, verified_at=NOW)
    values = ClaimValues(
        {**claim.details, "certificate": "ANOTHER"}, expires=claim.expires, document_id=claim.document_id
    )
    change_claim(session, owner, claim, values, now=NOW)
    session.expire_all()
    assert (claim.details["certificate"], claim.verified_at) == ("ANOTHER", None)


def test_a_change_that_comes_in_between_is_not_verified(session, farm, claim):
    desk = make_user(session, duties=("secretariat",))
    seen = fingerprint(claim)
    _another_process(session, claim, details={**claim.details, "certificate": "ANOTHER"})
    with pytest.raises(Conflict):
        check_claim(session, desk, claim.id, CheckVerdict.VERIFIED, "", seen=seen, now=NOW)
    session.expire_all()
    assert claim.verified_at is None


@pytest.mark.parametrize(
    "status, submitted, network_sees, desk_sees",
    [
        (Status.APPLICANT, None, 404, 404),
        (Status.APPLICANT, NOW, 404, 200),
        (Status.SUSPENDED, NOW, 404, 200),
        (Status.ACTIVE, NOW, 200, 200),
    ],
)
def test_a_network_opens_nothing_of_who_is_not_public(
    session, farm, delegate, desk, status, submitted, network_sees, desk_sees
):
    farm.status, farm.submitted_at = status, submitted
    claim = make_claim(session, farm, verified=False)
    browser = delegate()
    assert browser.get(f"/claims/{claim.id}/check").status_code == network_sees
    assert desk.get(f"/claims/{claim.id}/check").status_code == desk_sees
