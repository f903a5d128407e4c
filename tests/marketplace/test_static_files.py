"""Our own files are kept by the browser until they change."""

import re
from pathlib import Path

import pytest
from flask import url_for

from tests.marketplace.accounts.people import make_person, sign_in

FONTS = "vendor/atkinson-hyperlegible/atkinson-hyperlegible-latin-400"


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


def test_a_font_has_one_address_in_sheets_and_pages_and_is_kept_for_long(app, client):
    with app.test_request_context():
        address = url_for("static", filename=f"{FONTS}-normal.woff2")
    assert address == f"/static/{FONTS}-normal.woff2"
    assert address.removeprefix("/static/") in client.get("/static/css/incontro.css").text
    assert client.get(address).cache_control.max_age == 31_536_000


def test_icons_that_templates_name_come_in_a_small_file_as_they_are_in_the_large_one(app):
    few, all_ = (
        dict(
            re.findall(
                r'<symbol id="([^"]+)"(.*?)</symbol>', Path(app.static_folder, f"img/{name}.svg").read_text()
            )
        )
        for name in ("interface_icons", "icons")
    )
    assert few.items() <= all_.items()
    icon = app.jinja_env.globals["icon_markup"]
    with app.test_request_context():
        assert "interface_icons.svg" in icon("printer")
        assert "/icons.svg" in icon("egg-fill")


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
