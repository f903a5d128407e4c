"""The card for public bodies: written by owners, read by all, expired lines marked, printed whole."""

import pytest
import sqlalchemy as sa

from marketplace.organisations.evidence_models import PublicRecord
from marketplace.organisations.models import Status
from tests.factories import make_public_record

DURC = {"kind": "durc", "value": "INPS_123", "issued": "2026-01-10", "expires": "2026-05-10"}


def lines(session, farm):
    return session.scalars(sa.select(PublicRecord).where(PublicRecord.organisation_id == farm.id)).all()


def add(browser, farm, data):
    return browser.post(f"/organisations/{farm.slug}/public-bodies/edit", data=data)


@pytest.mark.parametrize(
    "who, status", [("editor", 403), ("member", 403), ("stranger", 404), ("anonymous", 302)]
)
def test_only_owners_write_it(people, session, farm, who, status):
    record = make_public_record(session, farm)
    session.commit()
    browser = getattr(people, who)
    assert add(browser, farm, DURC).status_code == status
    assert browser.post(f"/public-records/{record.id}/remove").status_code == status
    assert lines(session, farm) == [record]


def test_an_expired_durc_is_marked_for_everybody(people, session, farm):
    for _ in range(2):
        assert add(people.owner, farm, DURC).status_code == 302
    assert len(lines(session, farm)) == 1
    for page in (f"/organisations/{farm.slug}?lang=it", f"/organisations/{farm.slug}/public-bodies?lang=it"):
        text = people.anonymous.get(page).text
        assert "SCADUTO il 10 maggio 2026" in text


@pytest.mark.parametrize(
    "data, field",
    [
        (DURC | {"expires": ""}, "expires"),
        (DURC | {"issued": ""}, "issued"),
        (DURC | {"expires": "2025-01-01"}, "expires"),
        (DURC | {"value": ""}, "value"),
        (DURC | {"kind": "medal"}, "kind"),
        (DURC | {"link": "javascript:alert(1)"}, "link"),
        ({"kind": "pec", "value": "not a mail"}, "value"),
        ({"kind": "ateco", "value": "99.99.99"}, "value"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(people, session, farm, data, field):
    answer = add(people.owner, farm, data)
    assert answer.status_code == 200
    assert f'id="{field}-error"' in answer.text
    assert lines(session, farm) == []


def test_an_ateco_code_brings_its_title(people, session, farm):
    add(people.owner, farm, {"kind": "ateco", "value": "01.1"})
    assert lines(session, farm)[0].value == "01.1 Coltivazione di colture agricole non permanenti"


def test_the_sheet_is_a_file_with_accents_and_hostile_names(people, session, farm):
    farm.name = "Società <script>alert(1)</script> “Ċittà” è più"
    make_public_record(session, farm, link="https://example.org/" + "x" * 200, value="è " * 140)
    session.commit()
    answer = people.anonymous.get(f"/organisations/{farm.slug}/public-bodies.pdf")
    assert answer.data.startswith(b"%PDF-")
    page = people.anonymous.get(f"/organisations/{farm.slug}/public-bodies").text
    assert "<script>alert" not in page


def test_without_lines_or_standing_there_is_no_sheet(people, session, farm):
    page = f"/organisations/{farm.slug}/public-bodies"
    assert people.anonymous.get(page).status_code == 404
    make_public_record(session, farm)
    session.commit()
    assert people.anonymous.get(page).status_code == 200
    farm.status = Status.SUSPENDED
    session.commit()
    assert people.anonymous.get(page).status_code == 404
    assert people.anonymous.get(f"{page}.pdf").status_code == 404
