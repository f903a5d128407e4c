"""Documents: opened by those who may, and then never run, kept or shown under another name."""

import pytest
import sqlalchemy as sa

from marketplace import uploads
from marketplace.evidence.documents import MAX_DOCUMENTS
from marketplace.file_answers import SANDBOX
from marketplace.organisations.evidence_models import Document, DocumentGrant
from marketplace.organisations.models import MemberRole, Status
from tests.factories import make_claim, make_document, make_membership, make_organisation, make_user
from tests.support.files import pdf_bytes, picture_bytes
from tests.support.people import browser_of


@pytest.fixture
def certificate(session, farm):
    made = make_document(session, farm, title="Certificato <b>", stored_as=uploads.save(pdf_bytes()))
    make_claim(session, farm, verified=False, document_id=made.id)
    session.commit()
    return made


def read(browser, document):
    return browser.get(f"/documents/{document.id}").status_code


def test_members_read_it_and_others_do_not_know_of_it(people, certificate):
    for who, status in {
        "owner": 200,
        "editor": 200,
        "member": 200,
        "stranger": 404,
        "anonymous": 302,
    }.items():
        assert read(getattr(people, who), certificate) == status


def test_the_desk_reads_it(desk, certificate):
    assert read(desk, certificate) == 200


def test_a_delegate_reads_within_criterion_and_area_only(delegate, certificate):
    assert read(delegate(), certificate) == 200
    assert read(delegate(provinces=["BG"]), certificate) == 200
    assert read(delegate(provinces=["MI"]), certificate) == 404
    assert read(delegate("legality"), certificate) == 404
    assert read(delegate(role=MemberRole.MEMBER), certificate) == 404


def test_an_owner_allows_another_organisation_and_takes_it_back(app, session, people, certificate):
    group = make_organisation(session, name="GAS Vicino")
    person = make_user(session)
    make_membership(session, person, group, MemberRole.MEMBER)
    session.commit()
    reader = browser_of(app, person)
    readers = f"/documents/{certificate.id}/readers"
    for who, status in {"editor": 403, "member": 403, "stranger": 404}.items():
        assert getattr(people, who).post(readers, data={"organisation": "GAS Vicino"}).status_code == status
    assert read(reader, certificate) == 404
    people.owner.post(readers, data={"organisation": "gas vicino"})
    assert read(reader, certificate) == 200
    group.status = Status.SUSPENDED
    session.commit()
    assert read(reader, certificate) == 404
    group.status = Status.ACTIVE
    session.commit()
    people.owner.post(f"{readers}/{group.id}/remove")
    assert read(reader, certificate) == 404


def test_a_name_that_nobody_bears_is_allowed_nothing(session, people, certificate):
    people.owner.post(f"/documents/{certificate.id}/readers", data={"organisation": "Nessuno"})
    assert session.scalars(sa.select(DocumentGrant)).all() == []


def test_it_leaves_as_a_file_that_nothing_runs(people, certificate):
    answer = people.owner.get(f"/documents/{certificate.id}")
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=certificato-b-")
    assert answer.headers["Content-Security-Policy"] == SANDBOX
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_picture_is_shown_in_the_same_cage(session, people, farm):
    made = make_document(session, farm, media_type="image/png", stored_as=uploads.save(picture_bytes()))
    session.commit()
    answer = people.owner.get(f"/documents/{made.id}")
    assert answer.mimetype == "image/png"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_lost_file_is_no_page(session, people, farm):
    made = make_document(session, farm)
    session.commit()
    assert read(people.owner, made) == 404


def test_it_is_removed_once_nothing_rests_on_it(session, people, farm, certificate):
    remove = f"/documents/{certificate.id}/remove"
    assert people.editor.post(remove).status_code == 409
    session.execute(sa.text("DELETE FROM claim"))
    session.commit()
    stored_as = certificate.stored_as
    twin = make_document(session, make_organisation(session), stored_as=stored_as)
    session.commit()
    assert people.stranger.post(remove).status_code == 404
    assert people.editor.post(remove).status_code == 302
    uploads.open(stored_as).close()
    assert session.scalars(sa.select(Document.id)).all() == [twin.id]


def test_nobody_fills_the_disk_with_documents(people, session, farm, organic_form):
    for _ in range(MAX_DOCUMENTS):
        make_document(session, farm)
    session.commit()
    page = f"/organisations/{farm.slug}/evidence/new?criterion=organic&proof=certified"
    assert people.owner.post(page, data=organic_form()).status_code == 200
    assert session.scalar(sa.select(sa.func.count()).select_from(Document)) == MAX_DOCUMENTS
