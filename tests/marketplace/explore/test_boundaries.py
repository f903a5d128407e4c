"""The ground of the map travels compressed, once a day."""

import gzip
import json

import pytest

PATHS = ["/geo/comuni.geojson", "/geo/province.geojson"]


@pytest.fixture
def browser(plain_app):
    return plain_app.test_client()


@pytest.mark.parametrize("path", PATHS)
def test_who_takes_gzip_gets_the_same_in_a_quarter(browser, path):
    plain = browser.get(path)
    small = browser.get(path, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 2
    assert json.loads(plain.data)["type"] == "FeatureCollection"
    assert plain.mimetype == small.mimetype == "application/geo+json"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_who_has_it_already_gets_nothing(browser, path, accepted):
    first = browser.get(path, headers={"Accept-Encoding": accepted})
    again = browser.get(path, headers={"Accept-Encoding": accepted, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "max-age=86400" in first.headers["Cache-Control"]
    assert "Accept-Encoding" in first.headers["Vary"]


def test_the_two_forms_have_tags_of_their_own(browser):
    tags = {
        browser.get(PATHS[0], headers={"Accept-Encoding": form}).headers["ETag"]
        for form in ("gzip", "identity")
    }
    assert len(tags) == 2


def test_who_refuses_gzip_is_not_given_it(browser):
    answer = browser.get(PATHS[1], headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in answer.headers
