"""Nominatim over real HTTP on loopback: answers, caching, pace, and servers that misbehave (ordeal 12)."""

import json
import socket
import time
import tracemalloc

import pytest

from geo.bounded_http import MAX_ANSWER_BYTES
from geo.geocoding import Ambiguous, NotFound, Unavailable
from geo.nominatim import Nominatim
from geo.pacing import Pace
from tests.geo.nominatim_server import nominatim_server

PATIENCE_S = 0.4
"""Seconds that the tests let a misbehaving server take; the real limit is 2.5."""


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server(register):
    with nominatim_server(register) as server:
        yield server


@pytest.fixture
def nominatim(register, server):
    return asking(register, server.url)


def asking(register, url, **settings):
    settings = {"pace": Pace(0.0), "total_s": PATIENCE_S, **settings}
    return Nominatim(register, url=url, user_agent="tests (segreteria@example.org)", **settings)


def test_a_town_is_a_comune_with_its_codes(nominatim):
    place = nominatim.geocode("Clusone")
    assert (place.label, place.comune, place.province, place.precision) == (
        "Clusone (BG)",
        "016077",
        "BG",
        "comune",
    )


def test_an_address_keeps_its_words_and_gets_the_comune_of_its_point(register, nominatim, server):
    clusone = register.get("016077")
    road = {
        "lat": str(clusone.lat),
        "lon": str(clusone.lon),
        "addresstype": "road",
        "display_name": "Via Fantoni, Clusone",
        "address": {},
    }
    server.misbehave = lambda handler: handler.answer(json.dumps([road]).encode())
    place = nominatim.geocode("via Fantoni, Clusone")
    assert (place.label, place.comune, place.precision) == ("Via Fantoni, Clusone", "016077", "address")


def test_the_server_is_asked_once_for_the_same_words(nominatim, server):
    assert nominatim.geocode("Clusone") == nominatim.geocode(" clusone  ")
    for _ in range(2):
        with pytest.raises(NotFound):
            nominatim.geocode("Xyzzy")
        with pytest.raises(Ambiguous):
            nominatim.geocode("Castro")
    assert server.asked == ["Clusone", "Xyzzy", "Castro"]


def test_a_failure_is_not_remembered(nominatim, server):
    server.misbehave = lambda handler: handler.answer(b"", status=500)
    with pytest.raises(Unavailable):
        nominatim.geocode("Clusone")
    server.misbehave = None
    assert nominatim.geocode("Clusone").comune == "016077"


def test_the_user_agent_is_ours(nominatim, server):
    nominatim.geocode("Clusone")
    assert server.user_agents == ["tests (segreteria@example.org)"]


def test_coordinates_are_never_sent(nominatim, server):
    assert nominatim.geocode("45.8869, 9.9517").comune == "016077"
    assert server.asked == []


def test_two_questions_are_an_interval_apart(register, server):
    nominatim = asking(register, server.url, pace=Pace(0.3), total_s=2.5)
    nominatim.geocode("Clusone")
    nominatim.geocode("Bergamo")
    assert server.moments[1] - server.moments[0] >= 0.25


def test_who_would_wait_too_long_for_a_turn_is_told_at_once(register, server):
    nominatim = asking(register, server.url, pace=Pace(60.0), total_s=2.5)
    nominatim.geocode("Clusone")
    with pytest.raises(Unavailable):
        nominatim.geocode("Bergamo")
    assert server.asked == ["Clusone"]


def _endless(handler):
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"[" * 65536)


def _drip(handler):
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" ")
        time.sleep(0.05)


def _drip_headers(handler):
    while True:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: y\r\n" if handler.wfile else b"")
        time.sleep(0.05)


MISBEHAVIOURS = {
    "status 500": lambda handler: handler.answer(b"oops", status=500),
    "status 403": lambda handler: handler.answer(b"blocked", status=403),
    "status 429": lambda handler: handler.answer(b"{}", status=429, **{"Retry-After": "3600"}),
    "status 204": lambda handler: handler.answer(b"", status=204),
    "HTML": lambda handler: handler.answer(
        b"<!doctype html><title>Welcome</title>", content_type="text/html"
    ),
    "nothing": lambda handler: handler.answer(b""),
    "10 MB": lambda handler: handler.answer(b"[" + b" " * 10_000_000 + b"]"),
    "endless": _endless,
    "silence": lambda handler: time.sleep(2 * PATIENCE_S),
    "drip": _drip,
    "dripping headers": _drip_headers,
    "half an answer": lambda handler: (
        handler.send_response(200),
        handler.send_header("Content-Length", "1000"),
        handler.end_headers(),
        handler.wfile.write(b"[]"),
    ),
    "no HTTP": lambda handler: handler.wfile.write(b"\x00\xff\r\n\r\n"),
    "hang-up": lambda handler: handler.connection.shutdown(socket.SHUT_RDWR),
    "redirect": lambda handler: handler.answer(b"", status=302, Location="http://127.0.0.1:9/search"),
    "not UTF-8": lambda handler: handler.answer(b'[{"display_name": "\xff\xfe"}]'),
    "a number": lambda handler: handler.answer(b"7"),
    "a list of numbers": lambda handler: handler.answer(b"[7]"),
    "an error": lambda handler: handler.answer(b'{"error": "Too busy"}'),
    "no coordinates": lambda handler: handler.answer(b'[{"display_name": "Clusone"}]'),
    "NaN": lambda handler: handler.answer(b'[{"lat": "nan", "lon": "9"}]'),
    "a latitude of 91": lambda handler: handler.answer(b'[{"lat": "91", "lon": "9"}]'),
    "text coordinates": lambda handler: handler.answer(b'[{"lat": "north", "lon": []}]'),
    "a list for an address": lambda handler: handler.answer(b'[{"lat": "45", "lon": "9", "address": [1]}]'),
    "100,000 brackets": lambda handler: handler.answer(b"[" * 100_000),
}


@pytest.mark.parametrize("name", MISBEHAVIOURS)
def test_a_server_that_misbehaves_is_unavailable(nominatim, server, name):
    server.misbehave = MISBEHAVIOURS[name]
    with pytest.raises(Unavailable):
        nominatim.geocode("Clusone")
    assert server.asked == ["Clusone"]


@pytest.mark.parametrize("name", ["silence", "drip", "dripping headers", "endless", "10 MB"])
def test_a_slow_or_endless_answer_is_left_behind_in_time(nominatim, server, name):
    server.misbehave = MISBEHAVIOURS[name]
    started = time.monotonic()
    with pytest.raises(Unavailable):
        nominatim.geocode("Clusone")
    assert time.monotonic() - started < PATIENCE_S + 1.0


def test_of_ten_megabytes_only_the_first_are_read(nominatim, server):
    server.misbehave = _endless
    tracemalloc.start()
    with pytest.raises(Unavailable):
        nominatim.geocode("Clusone")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * MAX_ANSWER_BYTES


def test_nobody_at_the_port_is_unavailable(register):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unavailable):
        asking(register, f"http://127.0.0.1:{port}").geocode("Clusone")


@pytest.mark.parametrize(
    "url", ["", "nominatim.example.org", "ftp://example.org", "file:///etc/passwd", "https://"]
)
def test_a_url_that_is_none_is_refused_at_once(register, url):
    with pytest.raises(ValueError):
        asking(register, url)


def test_a_user_agent_is_due(register):
    with pytest.raises(ValueError):
        Nominatim(register, url="https://nominatim.example.org", user_agent=" ")
