"""Browsers of another process's pages: cookies, forms with their tokens, and no redirect followed."""

import http.client
import re
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from flask import Flask

from marketplace.accounts.models import User
from tests.support.people import browser_of

_FIELDS = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Answer(NamedTuple):
    status: int
    text: str
    location: str | None


class Visitor:
    """One browser. What cannot be answered raises OSError or http.client.HTTPException."""

    def __init__(self, address: str):
        self.address = address
        self.cookies: dict[str, str] = {}

    @classmethod
    def signed_in(cls, address: str, app: Flask, person: User) -> "Visitor":
        """As a person of ``app``, which must have the secrets of whoever answers. Needs an application context."""
        visitor = cls(address)
        visitor.cookies["incontro"] = browser_of(app, person).get_cookie("incontro").value
        return visitor

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(form))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=150)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, text, response.headers.get("Location"))


def hidden_fields(page: str) -> dict[str, str]:
    """What a form of the page sends along unseen, with its token."""
    found = dict(_FIELDS.findall(page))
    if token := _TOKEN.search(page):
        found["csrf_token"] = token[1]
    return found
