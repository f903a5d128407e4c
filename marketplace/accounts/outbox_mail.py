"""Flask-Security's mails go into the outbox, with the change that they tell of."""

from typing import Any

from flask import Response, after_this_request, has_request_context
from flask_security import MailUtil

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.mail import message
from marketplace.outbox import post_mail


class OutboxMailUtil(MailUtil):
    """Writes the mail as an entry of the running transaction; the worker sends it."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **context: Any,
    ) -> None:
        post_mail(
            db.session,
            message(to=str(recipient), subject=str(subject), text=body or "", html=html),
            utc_now(),
        )
        if has_request_context():
            # some of Flask-Security's pages only send a mail, and so commit nothing themselves
            after_this_request(commit_unless_refused)


def commit_unless_refused(response: Response) -> Response:
    if response.status_code < 400:
        db.session.commit()
    return response
