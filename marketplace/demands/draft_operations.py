"""Requests left half filled: kept as they were typed, whatever is wrong with them, until they are published or deleted."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.demands.models import Demand, DemandType
from marketplace.demands.posting_models import DemandAttachment, DemandDraft
from marketplace.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.organisations.models import MemberRole, Membership, Organisation
from marketplace.permissions import require_role

#: Drafts of one organisation, or of one resident.
MAX_DRAFTS = 50
#: What one draft holds: fields, and characters of them all together.
MAX_FIELDS, MAX_CHARACTERS = 1_000, 200_000


class ChangedMeanwhile(Conflict):
    """Somebody saved the draft after it had been opened here."""

    code = "changed_meanwhile"


def own_draft(session: Session, person: User, draft_id: int) -> DemandDraft:
    """The draft, for an editor of its organisation, or for its author where it is a wish. Raises NotFound."""
    draft = session.get(DemandDraft, draft_id)
    if draft is None:
        raise NotFound
    _require(session, person, draft)
    return draft


def own_drafts(session: Session, person: User) -> Sequence[tuple[DemandDraft, Organisation | None]]:
    """Every draft that the person may go on with, the last saved first, each with its organisation."""
    mine = sa.select(Membership.organisation_id).where(
        Membership.person_id == person.id, Membership.role.in_([MemberRole.OWNER, MemberRole.EDITOR])
    )
    rows = session.execute(
        sa.select(DemandDraft, Organisation)
        .outerjoin(Organisation, Organisation.id == DemandDraft.organisation_id)
        .where(
            sa.or_(
                DemandDraft.organisation_id.in_(mine),
                sa.and_(DemandDraft.organisation_id.is_(None), DemandDraft.author_id == person.id),
            )
        )
        .order_by(DemandDraft.updated_at.desc(), DemandDraft.id.desc())
    )
    return [(draft, organisation) for draft, organisation in rows]


def begin_draft(
    session: Session,
    actor: User,
    organisation: Organisation | None,
    type_: DemandType,
    title: str,
    fields: Sequence[tuple[str, str]],
    *,
    copied_from: Demand | None = None,
    now: datetime,
) -> DemandDraft:
    """Keep a form as it was typed. Raises :class:`Invalid` where there are many drafts already, or it is too long."""
    if organisation is not None:
        require_role(session, actor, organisation.id, at_least=MemberRole.EDITOR)
        whose = DemandDraft.organisation_id == organisation.id
    else:
        whose = sa.and_(DemandDraft.organisation_id.is_(None), DemandDraft.author_id == actor.id)
    if session.scalar(sa.select(sa.func.count(DemandDraft.id)).where(whose)) >= MAX_DRAFTS:
        raise Invalid(
            _("There are %(n)s drafts already: delete those that are of no use any more.", n=MAX_DRAFTS),
            code="too_many",
        )
    draft = DemandDraft(
        organisation_id=organisation.id if organisation is not None else None,
        author_id=actor.id,
        type=type_,
        title=title[:160],
        fields=_checked(fields),
        copied_from_id=copied_from.id if copied_from is not None else None,
        created_at=now,
        updated_at=now,
    )
    session.add(draft)
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="demand_draft.begun", subject=draft)
    session.commit()
    return draft


def save_draft(
    session: Session,
    actor: User,
    draft: DemandDraft,
    title: str,
    fields: Sequence[tuple[str, str]],
    *,
    seen: int,
    now: datetime,
) -> None:
    """Keep what is typed now; ``seen`` is the version that was opened. Raises :class:`ChangedMeanwhile`."""
    _require(session, actor, draft)
    if draft.version != seen:
        raise ChangedMeanwhile(
            _("Somebody else has saved this draft in the meantime. What you see here is yours.")
        )
    draft.title, draft.fields, draft.updated_at = title[:160], _checked(fields), now
    session.commit()


def delete_draft(session: Session, actor: User, draft: DemandDraft, *, now: datetime) -> None:
    """Throw it away, with its files."""
    _require(session, actor, draft)
    audit.record(session, now=now, actor_id=actor.id, verb="demand_draft.deleted", subject=draft)
    session.execute(sa.delete(DemandAttachment).where(DemandAttachment.draft_id == draft.id))
    session.delete(draft)
    session.commit()


def take_draft(session: Session, draft: DemandDraft, demand: Demand) -> None:
    """In the running transaction: the draft has become the demand, and its files are the demand's."""
    if draft.organisation_id != demand.organisation_id:
        raise NotFound
    demand.copied_from_id = draft.copied_from_id
    for attachment in session.scalars(
        sa.select(DemandAttachment).where(DemandAttachment.draft_id == draft.id)
    ):
        attachment.demand_id, attachment.draft_id = demand.id, None
    session.flush()
    session.delete(draft)


def _require(session: Session, person: User, draft: DemandDraft) -> None:
    """An editor of the organisation, also while that is not active: a draft is nobody else's; a wish is its author's."""
    if draft.organisation_id is None:
        if draft.author_id != person.id:
            raise NotFound
        return
    try:
        require_role(session, person, draft.organisation_id, at_least=MemberRole.EDITOR, active=False)
    except NotAllowed:
        raise NotFound from None


def _checked(fields: Sequence[tuple[str, str]]) -> list[list[str]]:
    kept = [[name, value.replace("\0", "")] for name, value in fields]
    if len(kept) > MAX_FIELDS or sum(len(name) + len(value) for name, value in kept) > MAX_CHARACTERS:
        raise Invalid(_("This is too much for one request: divide it in two."), code="too_long")
    return kept
