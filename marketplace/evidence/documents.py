"""Documents of an organisation: kept, opened by whoever may, allowed to others, removed.

Private to the organisation's members, to whoever may check a characteristic that rests on it (the desk, a
delegated network), and to the organisations that the owner allows. To anybody else it does not exist.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, uploads
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.evidence.authority import authority_over
from marketplace.form_text import one_line
from marketplace.organisations.evidence_models import Document, DocumentGrant
from marketplace.organisations.models import Claim, MemberRole, Membership, Organisation, Status
from marketplace.permissions import is_desk, require_role
from marketplace.upload_content import Refused, media_type

#: Documents of one organisation; of 10 MB each, so that nobody fills the disk.
MAX_DOCUMENTS = 100


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its bytes, and the name that its owner knows it by."""

    content: bytes
    name: str


def keep(
    session: Session, actor: User, organisation_id: int, upload: Upload, title: str, now: datetime
) -> Document:
    """The upload as a document of the organisation, in the running transaction; the same content is kept once.

    Raises :class:`Invalid` for what is no PDF, JPEG or PNG of at most 10 MB, and where there are many already.
    """
    try:
        kind = media_type(upload.content)
    except Refused as refused:
        raise Invalid(str(refused), code=f"document_{refused.fault}", field="document") from None
    held = sa.select(sa.func.count()).where(Document.organisation_id == organisation_id)
    if session.scalar(held) >= MAX_DOCUMENTS:
        raise Invalid(
            _("At most %(n)s documents: remove those that are of no use any more.", n=MAX_DOCUMENTS),
            code="too_many",
            field="document",
        )
    stored_as = uploads.save(upload.content)
    document = session.scalar(
        sa.select(Document).where(
            Document.organisation_id == organisation_id, Document.stored_as == stored_as
        )
    )
    if document is not None:
        return document
    document = Document(
        organisation_id=organisation_id,
        title=one_line(title)[:160],
        file_name=one_line(upload.name)[:160],
        media_type=kind,
        size=len(upload.content),
        sha256=stored_as.rpartition("/")[2],
        stored_as=stored_as,
        uploaded_by_id=actor.id,
        uploaded_at=now,
    )
    session.add(document)
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="document.kept", subject=document)
    return document


def readable(session: Session, person: User, document_id: int, now: datetime) -> Document:
    """The document, for a person who may read it. Raises :class:`NotFound` for everybody else."""
    document = session.get(Document, document_id)
    if document is None or not may_read(session, person, document, now):
        raise NotFound
    return document


def may_read(session: Session, person: User, document: Document, now: datetime) -> bool:
    if is_desk(person):
        return True
    granted = sa.select(DocumentGrant.organisation_id).where(DocumentGrant.document_id == document.id)
    belongs = (
        sa.select(Membership.organisation_id)
        .join(Organisation)
        .where(
            Membership.person_id == person.id,
            sa.or_(
                Membership.organisation_id == document.organisation_id,
                sa.and_(Membership.organisation_id.in_(granted), Organisation.status == Status.ACTIVE),
            ),
        )
    )
    if session.scalar(belongs.limit(1)) is not None:
        return True
    claims = session.scalars(sa.select(Claim).where(Claim.document_id == document.id))
    return any(authority_over(session, person, claim, now) for claim in claims)


def allow(session: Session, actor: User, document: Document, slug: str, *, now: datetime) -> Organisation:
    """Let another active organisation read it. Owners only. Raises :class:`Invalid` where there is none."""
    require_role(session, actor, document.organisation_id, at_least=MemberRole.OWNER, active=False)
    other = session.scalar(
        sa.select(Organisation).where(Organisation.slug == slug, Organisation.status == Status.ACTIVE)
    )
    if other is None or other.id == document.organisation_id:
        raise Invalid(_("We do not know this organisation."), field="organisation")
    if session.get(DocumentGrant, (document.id, other.id)) is None:
        session.add(DocumentGrant(document_id=document.id, organisation_id=other.id, granted_at=now))
        audit.record(
            session, now=now, actor_id=actor.id, verb="document.allowed", subject=document, reader=other.id
        )
        session.commit()
    return other


def disallow(session: Session, actor: User, document: Document, organisation_id: int, *, now) -> None:
    """Take the permission back. Owners only."""
    require_role(session, actor, document.organisation_id, at_least=MemberRole.OWNER, active=False)
    grant = session.get(DocumentGrant, (document.id, organisation_id))
    if grant is not None:
        session.delete(grant)
        audit.record(
            session,
            now=now,
            actor_id=actor.id,
            verb="document.disallowed",
            subject=document,
            reader=organisation_id,
        )
        session.commit()


def remove(session: Session, actor: User, document: Document, *, now: datetime) -> None:
    """Remove a document that no characteristic rests on; the file goes with the last row that names it."""
    require_role(session, actor, document.organisation_id, active=False)
    if session.scalar(sa.select(sa.exists().where(Claim.document_id == document.id))):
        raise Conflict(_("A characteristic rests on this document: change that first."), code="document_used")
    stored_as = document.stored_as
    audit.record(session, now=now, actor_id=actor.id, verb="document.removed", subject=document)
    session.delete(document)
    session.commit()
    uploads.forget(session, [stored_as])
