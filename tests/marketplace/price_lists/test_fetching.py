"""A price list from the web: allowed hosts, public addresses, nothing followed, everything bounded."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from marketplace.price_lists import fetching
from marketplace.price_lists.sheets.sheet import Unreadable


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1/")
            self.end_headers()
            return
        self.send_response(200 if self.path == "/list" else 500)
        self.end_headers()
        self.wfile.write(b"nome;prezzo\nMele;1\n")

    def log_message(self, *_):
        pass


@pytest.fixture
def shop():
    server = HTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def refused(url, hosts, **how):
    with pytest.raises(Unreadable) as problem:
        fetching.fetch(url, hosts, **how)
    return problem.value.code


def test_an_allowed_host_is_read(shop):
    assert fetching.fetch(f"{shop}/list", {"localhost"}, is_public=lambda address: True).startswith(b"nome")


def test_an_address_that_is_not_public_is_never_called(shop):
    assert refused(f"{shop}/list", {"localhost"}) == "address_not_public"


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/list", "file:///etc/hostname", "ftp://shop.example/x", "http://user@shop.example/",
        "http://shop.example.evil.example/", "http://[::1]/", "http://127.0.0.1/", "//shop.example/x", "x", "http://[",
        "http://shop.example:99999999/",
    ],
)  # fmt: skip
def test_other_hosts_and_schemes_are_refused(url):
    assert refused(url, {"shop.example"}) == "address_not_allowed"


def test_nothing_is_followed_elsewhere(shop):
    assert refused(f"{shop}/elsewhere", {"localhost"}, is_public=lambda address: True) == "address_moved"


def test_an_answer_that_is_an_error_is_no_list(shop):
    assert refused(f"{shop}/broken", {"localhost"}, is_public=lambda address: True) == "address_silent"
