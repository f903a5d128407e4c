"""One mail of a kind to one person: sent if they want it, with its one-click stop where they may stop it."""

from datetime import datetime

from flask import render_template
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.i18n import current_language
from marketplace.mail import message
from marketplace.notices import unsubscribing
from marketplace.notices.mail_kinds import MAIL_KINDS, MailKind
from marketplace.notices.queries import wants
from marketplace.outbox import post_mail


def post_notice(
    session: Session, person: User, kind: MailKind, *, subject: str, template: str, now: datetime, **values
) -> bool:
    """Write the mail of ``template`` (a text under ``templates/emails``) into the outbox; whether it was.

    To be called within ``i18n.speaking(person.locale)``. The frame of mails (``emails/base.txt``) shows the link
    that stops the kind.
    """
    if not person.active or not wants(session, person.id, kind):
        return False
    stop = unsubscribing.link(person.id, kind) if MAIL_KINDS[kind].optional else None
    text = render_template(template, stop_kind=stop, lang=current_language(), **values)
    post_mail(session, message(to=person.email, subject=subject, text=text, unsubscribe=stop), now)
    return True
