"""A Nominatim server on loopback for tests: real HTTP, answers from the register, misbehaves on request."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from geo.comuni import ComuneRegister
from geo.names import key_of


class NominatimServer(ThreadingHTTPServer):
    """Serves `/search` as Nominatim does; `misbehave` replaces the answer, `asked` records the queries."""

    daemon_threads = True

    def __init__(self, register: ComuneRegister) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.register = register
        self.asked: list[str] = []
        self.moments: list[float] = []
        self.user_agents: list[str] = []
        self.misbehave = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def nominatim_server(register: ComuneRegister):
    """A running server, stopped on leaving."""
    server = NominatimServer(register)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def results(register: ComuneRegister, query: str) -> list[dict]:
    """What Nominatim says about a comune: the town itself, then a street named after it elsewhere."""
    name, _, province = query.partition(",")
    comuni = [
        comune
        for comune in register.spelt(key_of(name))
        if not province or key_of(province) in (key_of(comune.sigla), key_of(comune.province))
    ]
    found = [_result(comune, comune.name, "town") for comune in comuni]
    if found:
        found.append(_result(register.get("015146"), f"Via {name}", "road"))
    return found


def _result(comune, name: str, kind: str) -> dict:
    return {
        "place_id": int(comune.istat),
        "lat": str(comune.lat),
        "lon": str(comune.lon),
        "class": "boundary" if kind == "town" else "highway",
        "type": "administrative" if kind == "town" else "residential",
        "addresstype": kind,
        "name": name,
        "display_name": f"{name}, {comune.name}, {comune.province}, {comune.region}, Italia",
        "address": {"town": comune.name, "ISO3166-2-lvl6": f"IT-{comune.sigla}", "country_code": "it"},
    }


class _Handler(BaseHTTPRequestHandler):
    server: NominatimServer

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
        self.server.asked.append(query)
        self.server.moments.append(time.monotonic())
        self.server.user_agents.append(self.headers.get("User-Agent", ""))
        try:
            if self.server.misbehave:
                self.server.misbehave(self)
            else:
                self.answer(json.dumps(results(self.server.register, query)).encode())
        except OSError:
            self.close_connection = True  # the client has given up, as it should

    def answer(
        self, body: bytes, status: int = 200, content_type: str = "application/json", **headers
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
