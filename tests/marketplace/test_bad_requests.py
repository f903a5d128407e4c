"""Requests that no browser sends: refused with a 4xx, small, and without a trace."""

import pytest

from marketplace.config import MEGABYTE

BOUNDARY = "multipart/form-data; boundary=x"


def part(name, value="v"):
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


@pytest.mark.parametrize("path", ["/login", "/register", "/login/link", "/nowhere"])
def test_a_form_of_thirty_megabytes_is_too_much(client, path):
    body = b"email=" + b"a" * (30 * MEGABYTE)
    answer = client.post(path, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {404, 413}


def test_a_field_of_two_megabytes_is_too_much(client):
    body = part("email", "a" * (2 * MEGABYTE)) + b"--x--\r\n"
    assert client.post("/login", data=body, content_type=BOUNDARY).status_code == 413


def test_a_thousand_and_one_parts_are_too_many(client):
    body = b"".join(part(f"f{number}") for number in range(1001)) + b"--x--\r\n"
    assert client.post("/login", data=body, content_type=BOUNDARY).status_code == 413


@pytest.mark.parametrize(
    "body, content_type",
    [
        (part("email"), "multipart/form-data"),
        (b"--y\r\nnonsense", BOUNDARY),
        (b"--x\r\n\r\n", BOUNDARY),
        (b"email=%FF%FE%80&password=%C3%28", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00email=a", "application/x-www-form-urlencoded"),
        (b"email=a%00b@example.org&password=x%00y", "application/x-www-form-urlencoded"),
        (b"email=\xed\xa0\x80@example.org&password=x", "application/x-www-form-urlencoded"),
        (b"a" * 1000, "text/plain; charset=utf-7"),
    ],
)
@pytest.mark.parametrize("path", ["/login", "/register", "/reset", "/login/link"])
def test_broken_forms_never_break_us(client, path, body, content_type):
    assert client.post(path, data=body, content_type=content_type).status_code < 500


@pytest.mark.parametrize(
    "query", ["lang=%FF", "next=%00", "lang=" + "x" * 5000, "next=" + "/" * 3000, "%00=%00"]
)
def test_broken_questions_never_break_us(client, query):
    assert client.get(f"/login?{query}").status_code < 500


@pytest.mark.parametrize(
    "header", ["X" * 4000, "%00", "application/json;q=xx,*/*;q=-1", "text/html;q=9" * 50]
)
def test_broken_headers_never_break_us(client, header):
    names = ("Accept", "Accept-Language", "Cookie", "Referer", "User-Agent")
    assert client.get("/login", headers=dict.fromkeys(names, header)).status_code < 500


@pytest.mark.parametrize("body", ["{}", "[]", "5", '{"title": {"a": 1}}', "[" * 100_000])
def test_forms_take_no_json(client, body):
    """Flask-WTF would read it as the fields of a form."""
    for path in ("/login", "/account", "/wishes/new", "/organisations/x/offers/new", "/orders/1/book"):
        answer = client.post(path, data=body, content_type="application/json")
        assert (answer.status_code, answer.json["error"]["code"]) == (415, "unsupported_media_type")


def test_a_form_without_its_token_is_refused_in_words(make_fresh_app):
    client = make_fresh_app(WTF_CSRF_ENABLED=True).test_client()
    page = client.post("/login/link", data={"email": "a@example.org"})
    assert page.status_code == 400
    assert "scaduto" in page.text
    program = client.post("/logout", headers={"Accept": "application/json"})
    assert (program.status_code, program.json["error"]["code"]) == (400, "csrf")
