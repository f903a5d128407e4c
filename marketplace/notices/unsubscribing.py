"""The link with which each mail of an optional kind can be stopped, without signing in (RFC 8058).

Who holds it may stop this kind of mail for this person, and nothing else. It does not expire: a mail may be
opened years later, and must still be able to be stopped.
"""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.errors import NotFound
from marketplace.notices.mail_kinds import MailKind
from marketplace.page_address import whole_address


def link(person_id: int, kind: MailKind) -> str:
    """The whole address, for ``mail.message(unsubscribe=...)`` and for the foot of the mail's text."""
    return whole_address("notices.unsubscribe", token=token(person_id, kind))


def token(person_id: int, kind: MailKind) -> str:
    return _serializer().dumps([person_id, str(kind)])


def read_token(session: Session, written: str) -> tuple[User, MailKind]:
    """Raises :class:`NotFound` for a token that we did not make, or of somebody who is gone."""
    try:
        person_id, kind = _serializer().loads(written)
        kind = MailKind(kind)
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None
    person = session.get(User, person_id)
    if person is None:
        raise NotFound
    return person, kind


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key, salt="mail-kind")
