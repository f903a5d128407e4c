"""A link to sign in with, sent by mail, for those who lose passwords.

Flask-Security's own ways do not serve here: its passwordless sign-in replaces the password, and its
unified one signs in as soon as the address is opened, so that a mail scanner that looks at links uses
them up. Ours is built on its tokens: the link opens a page with a button, and the button signs in.

A link lives a quarter of an hour and works once: it names how often the person had signed in when it
was made, and any sign-in makes that number another. A new password and signing out end it too.
"""

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from itsdangerous import BadData
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.clock import utc_now
from marketplace.i18n import speaking
from marketplace.mail import message
from marketplace.outbox import post_mail

LINK_LIFE = timedelta(minutes=15)


def send_link(session: Session, email: str, next_page: str | None = None) -> None:
    """Write the mail if the address is known; whoever asked learns nothing of whether it is."""
    person = session.scalar(sa.select(User).where(sa.func.lower(User.email) == email.strip().lower()))
    if person is None or not person.active:
        return
    link = url_for("accounts.use_link", token=make_token(person), next=next_page, _external=True)
    with speaking(person.locale):
        values = {"link": link, "minutes": int(LINK_LIFE.total_seconds() // 60)}
        mail = message(
            to=person.email,
            subject=_("Your link to sign in to Incontro"),
            text=render_template("emails/sign_in_link.txt", **values),
            html=render_template("emails/sign_in_link.html", **values),
        )
    post_mail(session, mail, utc_now())
    session.commit()


def make_token(person: User) -> str:
    return _serializer().dumps([person.fs_uniquifier, person.login_count or 0])


def person_of(session: Session, token: str, *, lock: bool = False) -> User | None:
    """Whom the link signs in, ``None`` where it is too old, used, or none of ours.

    ``lock`` keeps the row until the transaction ends, so that of two uses at once one succeeds.
    """
    try:
        uniquifier, count = _serializer().loads(token, max_age=LINK_LIFE.total_seconds())
    except (BadData, ValueError, TypeError):
        return None
    query = sa.select(User).where(User.fs_uniquifier == uniquifier)
    person = session.scalar(query.with_for_update() if lock else query)
    if person is None or not person.active or (person.login_count or 0) != count:
        return None
    return person


def _serializer():
    return current_app.extensions["security"].login_serializer
