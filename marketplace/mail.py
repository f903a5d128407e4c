"""Mails: written into the outbox with the change that they tell of, sent by the worker.

To a mail server where ``MAIL_SERVER`` names one, else into ``$INSTANCE/mail/`` as files that any mail
program opens; a demonstration also prints the links in them, so that they can be tried.
"""

import logging
import re
from collections.abc import Sequence
from email.headerregistry import Address
from email.utils import make_msgid
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import urlsplit

from flask import current_app
from flask_mailman import EmailMultiAlternatives

from marketplace import uploads
from marketplace.extensions import mailman

log = logging.getLogger(__name__)

MAX_SUBJECT = 200
_LINK = re.compile(r"https?://\S+")
#: Of all attachments of a mail; in base64 they grow by a third, and many mail servers take 10 MB.
MAX_ATTACHED = 6 * 1024 * 1024


class Attachment(TypedDict):
    """A file of a mail that waits: its content is an upload, which stays as long as the mail names it."""

    stored_as: str
    name: str
    media_type: str


def attachment(content: bytes, name: str, media_type: str) -> Attachment:
    """Keep a file until the mail is sent. ``name`` is ours, and safe as the name of a file. Raises ``OSError``."""
    return {"stored_as": uploads.save(content), "name": name, "media_type": media_type}


def message(
    *,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    reply_to: str | None = None,
    unsubscribe: str | None = None,
    attachments: Sequence[Attachment] = (),
) -> dict[str, Any]:
    """A mail as plain values, for :func:`marketplace.outbox.post_mail`.

    It gets its Message-ID now, so that a mail that is sent twice, because the worker ended between the
    mail server's answer and the note of it, is known as the same by whoever receives it. ``unsubscribe``
    is an address that stops such mails when it is posted to (RFC 8058). ``attachments`` are together at most
    :data:`MAX_ATTACHED`: who makes them sees to it.
    """
    return {
        "to": to,
        # on one line, and no longer than mail servers take
        "subject": " ".join(subject.split())[:MAX_SUBJECT],
        "text": text,
        "html": html,
        "reply_to": reply_to,
        "unsubscribe": unsubscribe,
        "attachments": list(attachments),
        "message_id": make_msgid(domain=_own_domain()),
    }


def deliver(payload: dict[str, Any]) -> None:
    """Send one mail, within ``MAIL_TIMEOUT`` seconds, or raise ``OSError`` (all of smtplib's errors are)."""
    if current_app.config["MAIL_SERVER"]:
        mailman.get_connection(fail_silently=False).send_messages([_prepare(payload)])
    else:
        _keep_as_file(payload)


def _prepare(payload: dict[str, Any]) -> EmailMultiAlternatives:
    prepared = EmailMultiAlternatives(
        payload["subject"],
        payload["text"],
        current_app.config["MAIL_DEFAULT_SENDER"],
        [payload["to"]],
        reply_to=[payload["reply_to"]] if payload.get("reply_to") else None,
        headers={"Message-ID": payload["message_id"], "Auto-Submitted": "auto-generated"}
        | _one_click(payload.get("unsubscribe")),
    )
    if payload.get("html"):
        prepared.attach_alternative(payload["html"], "text/html")
    for file in payload.get("attachments", ()):
        with uploads.open(file["stored_as"]) as content:
            prepared.attach(file["name"], content.read(), file["media_type"])
    return prepared


def _one_click(address: str | None) -> dict[str, str]:
    if not address:
        return {}
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _keep_as_file(payload: dict[str, Any]) -> None:
    folder = Path(current_app.instance_path) / "mail"
    folder.mkdir(mode=0o700, exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9.]+", "-", payload["message_id"]).strip("-.")
    (folder / f"{name}.eml").write_bytes(_prepare(payload).message().as_bytes(linesep="\r\n"))
    if current_app.config["DEMO"]:
        links = " ".join(_LINK.findall(payload["text"]))
        log.warning("Mail to %s: %s %s", payload["to"], payload["subject"], links)


def _own_domain() -> str:
    site = urlsplit(current_app.config["SITE_URL"]).hostname
    if site:
        return site
    try:
        return Address(addr_spec=current_app.config["MAIL_DEFAULT_SENDER"]).domain or "localhost"
    except (ValueError, IndexError):
        return "localhost"
