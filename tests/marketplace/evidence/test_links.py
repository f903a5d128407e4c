"""Links that came in before they were judged: never an address that a browser would run."""

from tests.factories import make_claim, make_public_record


def test_a_link_of_another_scheme_is_not_made_one(people, session, farm):
    make_claim(session, farm, link="javascript:alert(1)")
    make_public_record(session, farm, link="javascript:alert(2)")
    make_public_record(session, farm, kind="runts", link="https://servizi.lavoro.gov.it/runts")
    session.commit()
    for path in ("", "/public-bodies"):
        page = people.anonymous.get(f"/organisations/{farm.slug}{path}").text
        assert "javascript:" not in page
    assert "https://servizi.lavoro.gov.it/runts" in page
