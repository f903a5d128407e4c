"""Addresses of pages: with the parameters that they were asked with, and whole for mails."""

import pytest

from marketplace.page_address import address_with, whole_address


@pytest.mark.parametrize(
    "asked, changes, address",
    [
        ("/search?q=miele&page=3", {"page": 4}, "/search?q=miele&page=4"),
        ("/search?q=miele&page=3", {"page": None}, "/search?q=miele"),
        ("/search?category=a&category=b", {"category": ["a"]}, "/search?category=a"),
        ("/search?category=a", {"category": []}, "/search"),
        ("/search?q=pane+%26+olio", {}, "/search?q=pane+%26+olio"),
        ("/organisations/cascina?x=1", {"page": 2}, "/organisations/cascina?x=1&page=2"),
    ],
)
def test_parameters_stay_but_for_those_that_change(plain_app, asked, changes, address):
    with plain_app.test_request_context(asked):
        assert address_with(None, changes) == address


@pytest.mark.parametrize(
    "name", ["_scheme", "_external", "_anchor", "_method", "endpoint", "values", "self", "slug"]
)
def test_no_parameter_changes_where_a_link_goes(plain_app, name):
    with plain_app.test_request_context(f"/search?{name}=javascript&_external=1"):
        assert address_with(None, {"page": 2}).startswith(f"/search?{name}=javascript")
        assert address_with("explore.home").startswith("/?")


@pytest.mark.parametrize("path", ["/search", "/demands", "/try", "/"])
@pytest.mark.parametrize("name", ["_scheme", "_external", "_method", "endpoint", "values", "page"])
def test_every_list_stands_parameters_named_like_those_of_the_machinery(client, path, name):
    assert client.get(f"{path}?{name}=javascript&near=Samone&q=zz").status_code == 200


def test_a_mail_of_the_worker_leads_to_the_site_that_is_configured(plain_app, monkeypatch):
    monkeypatch.setitem(plain_app.config, "SITE_URL", "https://distretto.example/")
    with plain_app.app_context():
        address = whole_address("organisations.members", slug="cascina")
    assert address == "https://distretto.example/organisations/cascina/members"


def test_a_mail_of_a_page_leads_to_where_the_page_was_asked(plain_app):
    with plain_app.test_request_context("/", base_url="https://distretto.example"):
        assert whole_address("explore.home") == "https://distretto.example/"
