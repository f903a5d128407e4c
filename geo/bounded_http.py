"""geopy's transport with limits: so many bytes, so many seconds for the whole answer, no redirects.

geopy reads an answer to its end however long it is, and its timeout counts anew for every
packet; a slow or endless answer would hold the request that waits for it.
"""

from __future__ import annotations

import time
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from geopy.adapters import URLLibAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut, GeopyError

MAX_ANSWER_BYTES = 512 * 1024
"""Five results with their addresses take some 5 kB."""
CHUNK_BYTES = 16 * 1024


class BoundedAdapter(URLLibAdapter):
    """An adapter for geopy that gives up on answers too long or too slow, and follows no redirect."""

    def __init__(self, *, proxies: dict[str, str] | None, ssl_context: Any) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self._open = build_opener(
            _NoRedirect(), HTTPSHandler(context=ssl_context), ProxyHandler(proxies)
        ).open

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        """The body of the answer as text, `timeout` seconds from now at the latest. Raises geopy's exceptions only.

        The answer is fetched in a thread of its own, because neither a look-up of the host's name
        nor headers that trickle in can be given a deadline; a thread left behind ends by itself.
        """
        outcome: SimpleQueue[str | GeopyError] = SimpleQueue()
        request = Request(url, headers=headers)
        Thread(target=lambda: outcome.put(self._fetched(request, timeout)), daemon=True).start()
        try:
            answer = outcome.get(timeout=timeout)
        except Empty:
            raise GeocoderTimedOut("no answer in time") from None
        if isinstance(answer, GeopyError):
            raise answer
        return answer

    def _fetched(self, request: Request, timeout: float) -> str | GeopyError:
        """The body, or why there is none."""
        deadline = time.monotonic() + timeout
        try:
            with self._open(request, timeout=timeout) as answer:
                if answer.status != 200:
                    return GeocoderServiceError(f"status {answer.status}")
                return _read(answer, deadline).decode("utf-8")
        except GeopyError as error:
            return error
        except TimeoutError:
            return GeocoderTimedOut("no answer in time")
        except UnicodeDecodeError:
            return GeocoderParseError("the answer is not UTF-8")
        except (OSError, HTTPException, ValueError) as error:  # URLError and HTTPError are OSErrors
            return GeocoderServiceError(type(error).__name__)


def _read(answer: Any, deadline: float) -> bytes:
    """The whole body, piece by piece, within the limits."""
    body = bytearray()
    while piece := answer.read1(CHUNK_BYTES):
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise GeocoderServiceError("the answer is too long")
        if time.monotonic() > deadline:
            raise GeocoderTimedOut("the answer is too slow")
    if answer.length:  # bytes announced that never came
        raise GeocoderServiceError("the answer is cut short")
    return bytes(body)


class _NoRedirect(HTTPRedirectHandler):
    """A redirect stays the error it is: the configured server is the only one ever asked."""

    def redirect_request(self, *_: Any) -> None:
        return None
