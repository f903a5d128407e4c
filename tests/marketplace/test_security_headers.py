"""What every answer tells the browser."""

import pytest

from marketplace import create_app
from marketplace.security_headers import content_security_policy
from tests.conftest import app_config
from tests.marketplace.accounts.people import PASSWORD, make_person, sign_in


@pytest.mark.parametrize("path", ["/login", "/static/css/incontro.css", "/healthz", "/nowhere"])
def test_every_answer_allows_only_files_of_ours(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_only_an_administrator_opens_the_door_to_another_host_for_map_tiles():
    assert "http" not in content_security_policy()
    policy = content_security_policy("https://{s}.tiles.example.org/{z}/{x}/{y}.png")
    assert "img-src 'self' data: https://*.tiles.example.org;" in policy


def test_pages_of_people_who_are_signed_in_are_not_kept(client, session):
    person = make_person(session)
    assert "no-store" not in client.get("/nowhere").headers.get("Cache-Control", "")
    sign_in(client, person.email, PASSWORD)
    assert client.get("/account").headers["Cache-Control"] == "no-store"
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"


def test_a_site_that_is_secure_says_so(tmp_path):
    config = app_config(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, SITE_URL="https://incontro.example.org")
    client = create_app(config).test_client()
    answer = client.get("/nowhere", base_url="https://incontro.example.org")
    assert "max-age" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("host, status", [("incontro.example.org", 404), ("evil.example", 400)])
def test_links_in_mails_cannot_be_made_to_lead_elsewhere(tmp_path, host, status):
    config = app_config(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, SITE_URL="https://incontro.example.org")
    answer = create_app(config).test_client().get("/nowhere", base_url=f"https://{host}")
    assert answer.status_code == status


def test_a_forged_forwarding_header_counts_for_nothing_without_a_proxy_of_ours(tmp_path):
    from flask import request

    def addresses(**config):
        app = create_app(app_config(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, **config))
        app.add_url_rule("/who", view_func=lambda: request.remote_addr)
        return app.test_client().get("/who", headers={"X-Forwarded-For": "203.0.113.9"}).text

    assert addresses() == "127.0.0.1"
    assert addresses(TRUSTED_PROXIES=1) == "203.0.113.9"
