"""A mail server on the loopback that keeps what it is given."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class SmtpSink:
    """Accepts every message; ``messages`` holds them parsed, in the order of their arrival."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.host = "127.0.0.1"
        self.port = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def wait_for(self, count: int, seconds: float = 10) -> list[EmailMessage]:
        """The messages, once there are ``count``; AssertionError where there are fewer after ``seconds``."""
        give_up = time.monotonic() + seconds
        while len(self.messages) < count:
            assert time.monotonic() < give_up, f"{len(self.messages)} of {count} messages after {seconds} s"
            time.sleep(0.02)
        return self.messages


@contextmanager
def running_sink() -> Iterator[SmtpSink]:
    sink = SmtpSink()
    controller = _AnyPort(sink, hostname=sink.host, port=0)
    controller.start()
    sink.port = controller.server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        controller.stop()


class _AnyPort(Controller):
    """aiosmtpd connects to its port once to see it up; with port 0 only the socket knows the number."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
