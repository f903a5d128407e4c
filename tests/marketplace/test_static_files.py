"""Our own files are kept by the browser until they change."""

import pytest
from flask import url_for

from tests.marketplace.accounts.people import make_person, sign_in


@pytest.mark.parametrize(
    "endpoint, filename", [("static", "css/incontro.css"), ("bootstrap.static", "css/bootstrap.min.css")]
)
def test_an_address_with_its_version_is_kept_for_long(app, client, endpoint, filename):
    with app.test_request_context():
        address = url_for(endpoint, filename=filename)
    assert "?v=" in address
    cached = client.get(address).cache_control
    assert (cached.max_age, cached.public, cached.immutable) == (31_536_000, True, True)


def test_an_address_without_a_version_is_asked_again(client):
    answer = client.get("/static/css/incontro.css")
    assert answer.cache_control.max_age is None
    assert (
        client.get("/static/css/incontro.css", headers={"If-None-Match": answer.headers["ETag"]}).status_code
        == 304
    )


def test_files_are_the_same_for_everybody_signed_in_or_not(app, client, session):
    sign_in(client, make_person(session).email)
    with app.test_request_context():
        answer = client.get(url_for("static", filename="css/incontro.css"))
    assert "no-store" not in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_file_that_is_not_there_has_no_version(app, client):
    with app.test_request_context():
        assert url_for("static", filename="nothing.css") == "/static/nothing.css"
    assert client.get("/static/../config.py").status_code == 404
