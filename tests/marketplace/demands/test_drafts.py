"""A request left half filled, resumed, shared with colleagues, copied from an earlier one; and its files."""

from io import BytesIO

import pytest
import sqlalchemy as sa

from marketplace import uploads
from marketplace.demands.models import Demand, DemandType
from marketplace.demands.posting_models import DemandAttachment, DemandDraft
from marketplace.organisations.models import Kind
from tests.factories import NOW, make_attachment, make_demand, make_demand_draft, make_lot, make_organisation
from tests.marketplace.demands.needs_filled import need_data, public_data
from tests.support.people import people_of

NEW = "/organisations/comune/demands/new?type=quote_request"
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\nxref\n0 1\ntrailer <<>>\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def town(session):
    return make_organisation(session, kinds=(Kind.LOCAL_AUTHORITY,), slug="comune")


@pytest.fixture
def people(app, session, town):
    return people_of(app, session, town)


def drafts(session):
    session.expire_all()
    return session.scalars(sa.select(DemandDraft)).all()


def file(content=PDF, name="capitolato.pdf"):
    return (BytesIO(content), name)


def test_whatever_is_wrong_with_it_a_draft_keeps_every_word(people, session):
    typed = {
        "near": "Nowhere",
        "lots-0-what": "carote",
        "lots-0-budget": "1e5",
        "closes_at": "2031-03-30T02:30",
    }
    answer = people.owner.post(NEW, data=typed | {"save": "1"})
    (draft,) = drafts(session)
    assert answer.location == f"/demands/drafts/{draft.id}"
    assert (draft.type, draft.title) == ("quote_request", "")
    page = people.editor.get(answer.location).text
    for name, value in typed.items():
        assert f'name="{name}"' in page
        assert f'value="{value}"' in page
    assert 'id="near-error"' not in page
    assert session.scalars(sa.select(Demand)).all() == []


def test_a_draft_is_resumed_published_and_gone(people, session):
    people.owner.post(NEW, data={"title": "Mensa", "save": "1"})
    (draft,) = drafts(session)
    address = f"/demands/drafts/{draft.id}"
    people.editor.post(
        address,
        data=public_data(title="Mensa scolastica") | {"save": "1", "draft_version": str(draft.version)},
    )
    (draft,) = drafts(session)
    assert draft.title == "Mensa scolastica"
    assert "Mensa scolastica" in people.owner.get("/demands/drafts").text
    answer = people.editor.post(address, data=public_data(title="Mensa scolastica") | {"publish": "1"})
    (demand,) = session.scalars(sa.select(Demand)).all()
    assert answer.location == f"/demands/{demand.id}"
    assert drafts(session) == []


def test_a_draft_that_a_colleague_saved_meanwhile_is_not_overwritten_unawares(people, session):
    people.owner.post(NEW, data={"title": "Prima", "save": "1"})
    (draft,) = drafts(session)
    address, opened = f"/demands/drafts/{draft.id}", str(draft.version)
    people.editor.post(address, data={"title": "Della collega", "save": "1", "draft_version": opened})
    late = people.owner.post(address, data={"title": "La mia", "save": "1", "draft_version": opened})
    assert late.status_code == 200
    assert 'value="La mia"' in late.text
    (draft,) = drafts(session)
    assert draft.title == "Della collega"
    assert f'name="draft_version" value="{draft.version}"' in late.text
    people.owner.post(address, data={"title": "La mia", "save": "1", "draft_version": str(draft.version)})
    assert drafts(session)[0].title == "La mia"


def test_a_draft_is_nobody_else_s(people, session, town):
    draft = make_demand_draft(session, town)
    session.commit()
    for path in (f"/demands/drafts/{draft.id}",):
        for who, status in (("anonymous", 302), ("stranger", 404), ("member", 404), ("editor", 200)):
            assert getattr(people, who).get(path).status_code == status
    assert people.stranger.post(f"/demands/drafts/{draft.id}/delete").status_code == 404
    assert people.stranger.get("/demands/drafts").text.count("/demands/drafts/") == 0
    assert people.editor.post(f"/demands/drafts/{draft.id}/delete").status_code == 302
    assert drafts(session) == []


def test_a_file_waits_in_the_draft_and_is_published_with_it(people, session):
    data = public_data(title="Mensa") | {"attach": "1", "document": file(), "document_title": "Capitolato"}
    answer = people.owner.post(NEW, data=data)
    (draft,) = drafts(session)
    (attachment,) = session.scalars(sa.select(DemandAttachment)).all()
    waiting = f"/demands/drafts/{draft.id}/attachments/{attachment.id}"
    assert people.owner.get(waiting).data == PDF
    assert people.stranger.get(waiting).status_code == 404
    people.owner.post(answer.location, data=public_data(title="Mensa") | {"publish": "1"})
    (demand,) = session.scalars(sa.select(Demand)).all()
    read = people.anonymous.get(f"/demands/{demand.id}/attachments/{attachment.id}")
    assert (read.data, read.headers["Content-Disposition"].partition(";")[0]) == (PDF, "attachment")
    assert "Capitolato" in people.anonymous.get(f"/demands/{demand.id}").text
    assert people.owner.get(waiting).status_code == 404


def test_a_file_that_comes_with_the_last_click_is_published_too(people, session):
    people.owner.post(NEW, data=public_data(title="Mensa") | {"publish": "1", "document": file()})
    (demand,) = session.scalars(sa.select(Demand)).all()
    assert [one.file_name for one in session.scalars(sa.select(DemandAttachment))] == ["capitolato.pdf"]
    assert demand.title == "Mensa"
    assert drafts(session) == []


def test_a_file_that_is_none_is_refused_by_what_it_contains_and_the_words_stay(people, session):
    data = {"title": "Mensa", "attach": "1", "document": file(b"MZ not a pdf", "capitolato.pdf")}
    page = people.owner.post(NEW, data=data)
    assert 'id="document-error"' in page.text
    assert 'value="Mensa"' in page.text
    assert session.scalars(sa.select(DemandAttachment)).all() == []


def test_a_file_is_taken_off_a_draft_and_not_off_what_was_published(people, session, town):
    draft, demand = make_demand_draft(session, town), make_demand(session, town)
    waiting, published = make_attachment(session, draft), make_attachment(session, demand)
    session.commit()
    address = f"/demands/drafts/{draft.id}"
    assert people.owner.post(address, data={"drop": str(published.id)}).status_code == 404
    assert people.owner.post(address, data={"drop": str(waiting.id)}).status_code == 302
    assert session.scalars(sa.select(DemandAttachment.id)).all() == [published.id]


def test_files_of_what_is_not_public_are_for_who_may_read_it(app, people, session, town):
    with app.test_request_context():
        stored = uploads.save(PDF)
    demand = make_demand(session, town, withdrawn_at=NOW)
    attachment = make_attachment(session, demand, stored_as=stored)
    session.commit()
    path = f"/demands/{demand.id}/attachments/{attachment.id}"
    assert [people.owner.get(path).status_code, people.anonymous.get(path).status_code] == [200, 404]


def test_a_copy_says_everything_but_dates_codes_and_weights(people, session, town):
    demand = make_demand(
        session,
        town,
        type=DemandType.QUOTE_REQUEST,
        title="Mensa",
        place_label="Clusone (BG)",
        comune="016077",
        lat=45.8914,
        lon=9.95,
        closes_at=NOW,
        estimated_value=3_000_000,
        required=[{"criterion": "organic", "proofs": ["certified"]}],
        weights={"fit": 4, "proximity": 0, "values": 4, "price": 2},
        particulars={"office": "Ufficio scuola", "cig": "A123456789"},
        lots=(make_lot(0, category="food.vegetables.carrots", quantity=1_500, unit="kg", budget=25_000),),
    )
    session.commit()
    for who, status in (("stranger", 404), ("member", 404)):
        assert getattr(people, who).post(f"/demands/{demand.id}/copy").status_code == status
    people.editor.post(f"/demands/{demand.id}/copy")
    (draft,) = drafts(session)
    kept = dict(draft.fields)
    assert draft.copied_from_id == demand.id
    assert (kept["lots-0-quantity"], kept["lots-0-budget"], kept["estimated_value"]) == (
        "1,5",
        "2,50",
        "30000",
    )
    assert (kept["criteria-organic"], kept["particulars-office"]) == ("required", "Ufficio scuola")
    assert not {"closes_at", "fit", "particulars-cig"} & kept.keys()
    new = {"fit": "4", "proximity": "0", "values": "4", "price": "2", "closes_at": "2032-05-31T12:00"}
    answer = people.editor.post(f"/demands/drafts/{draft.id}", data=kept | new | {"publish": "1"})
    session.expire_all()
    again = session.scalar(sa.select(Demand).where(Demand.id != demand.id))
    assert answer.location == f"/demands/{again.id}"
    assert (again.required, again.estimated_value, again.copied_from_id) == (
        demand.required, demand.estimated_value, demand.id,
    )  # fmt: skip
    assert [(lot.category, lot.quantity, lot.budget) for lot in again.lots] == [
        ("food.vegetables.carrots", 1_500, 25_000)
    ]


def test_the_enter_key_publishes_nothing(people, session):
    page = people.owner.post(NEW, data=public_data(title="Mensa") | {"stay": "1"}).text
    assert page.index('name="stay"') < page.index('name="publish"')
    assert session.scalars(sa.select(Demand)).all() == []


def test_so_many_drafts_and_no_more(people, session, town, monkeypatch):
    monkeypatch.setattr("marketplace.demands.draft_operations.MAX_DRAFTS", 1)
    make_demand_draft(session, town)
    session.commit()
    page = people.owner.post(NEW, data=need_data(title="Mensa") | {"save": "1"})
    assert (page.status_code, len(drafts(session))) == (200, 1)
    assert 'value="Mensa"' in page.text
