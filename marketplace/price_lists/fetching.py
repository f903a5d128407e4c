"""A price list from an address on the web: hosts that the administrator allowed, public addresses only.

The name is resolved here and the connection goes to the address that was checked, so that a name cannot mean a
public machine when it is checked and one of ours when it is called. Nothing is followed elsewhere.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from marketplace.price_lists.sheets.sheet import MAX_BYTES, Unreadable

TIMEOUT_S = 8
#: Seconds for the whole answer: a server that drips must not hold a web process.
DEADLINE_S = 15


def fetch(
    url: str,
    hosts: Collection[str],
    *,
    is_public: Callable[[str], bool] = lambda address: ipaddress.ip_address(address).is_global,
) -> bytes:
    """The content at ``url``. Raises :class:`Unreadable` for any other host, address, answer, size or delay."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unreadable("address_not_allowed") from None
    host = (parts.hostname or "").lower()
    if (
        parts.scheme not in ("http", "https")
        or parts.username is not None
        or host not in hosts
        or not url.isascii()
    ):
        raise Unreadable("address_not_allowed")
    secure = parts.scheme == "https"
    connection = _Pinned(host, port or (443 if secure else 80), is_public, secure)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "identity", "User-Agent": "Incontro"})
        answer = connection.getresponse()
        if 300 <= answer.status < 400:
            raise Unreadable("address_moved")
        if answer.status != 200:
            raise Unreadable("address_silent")
        return _bounded(answer)
    except (OSError, http.client.HTTPException, ValueError) as problem:
        if isinstance(problem, Unreadable):
            raise
        raise Unreadable("address_silent") from None
    finally:
        connection.close()


def _bounded(answer: http.client.HTTPResponse) -> bytes:
    content, until = bytearray(), time.monotonic() + DEADLINE_S
    while part := answer.read1(65_536):
        content += part
        if len(content) > MAX_BYTES:
            raise Unreadable("too_large", megabytes=len(content) // 1_000_000, limit=MAX_BYTES // 1_000_000)
        if time.monotonic() > until:
            raise Unreadable("address_silent")
    return bytes(content)


class _Pinned(http.client.HTTPConnection):
    """A connection to an address of the host that was found to be public."""

    def __init__(self, host: str, port: int, is_public: Callable[[str], bool], secure: bool):
        super().__init__(host, port, timeout=TIMEOUT_S)
        self._is_public, self._secure = is_public, secure

    def connect(self) -> None:
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [entry[4][0] for entry in found]
        if not addresses or not all(self._is_public(address.partition("%")[0]) for address in addresses):
            raise Unreadable("address_not_public")
        self.sock = socket.create_connection((addresses[0], self.port), self.timeout)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
