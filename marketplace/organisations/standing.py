"""Whether an organisation stands in the house: what the district decides of it, and why."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.organisations import letters
from marketplace.organisations.completeness import is_person, is_waiting
from marketplace.organisations.joining_models import Decision, Verdict
from marketplace.organisations.models import Organisation, Status
from marketplace.outbox import announce_supplier

#: The verdicts that make sense of an organisation in each status; "waiting" is an application handed in.
POSSIBLE: dict[str, tuple[Verdict, ...]] = {
    "draft": (),
    "waiting": (Verdict.APPROVED, Verdict.CHANGES_ASKED, Verdict.REFUSED),
    Status.ACTIVE: (Verdict.SUSPENDED,),
    Status.ENROLLED: (Verdict.SUSPENDED,),
    Status.SUSPENDED: (Verdict.REINSTATED,),
    # not at once approved: of two at the desk the second would undo what the first has just said
    Status.REFUSED: (Verdict.CHANGES_ASKED,),
}
#: The verdicts that nobody understands without a reason.
NEED_A_REASON = frozenset({Verdict.CHANGES_ASKED, Verdict.REFUSED, Verdict.SUSPENDED})


def possible_verdicts(organisation: Organisation) -> tuple[Verdict, ...]:
    if organisation.status == Status.APPLICANT:
        return POSSIBLE["waiting" if is_waiting(organisation) else "draft"]
    return POSSIBLE[organisation.status]


def handed_in(organisation: Organisation) -> str:
    """Which handing-in of its application this is: while it waits, nothing of it changes. Empty for a draft."""
    return organisation.submitted_at.isoformat() if organisation.submitted_at else ""


def decide(
    session: Session,
    organisation: Organisation,
    verdict: Verdict,
    reason: str,
    *,
    actor_id: int | None,
    seen: str | None = None,
    now: datetime,
) -> Decision:
    """The district's word: kept as history, told to the owners, and to the index. Commits.

    The caller has made sure that the actor speaks for the district. ``seen`` is what :func:`handed_in` gave for
    what was read: an application that was taken back, changed and handed in again is another one. Raises :class:`Conflict` where the verdict
    makes no sense (two people at the desk at once: the second one is told), :class:`Invalid` without a reason.
    """
    # held until the end, so that of two verdicts at once the second sees what the first has made of it
    session.refresh(organisation, with_for_update=True)
    if verdict not in possible_verdicts(organisation):
        raise Conflict(
            _("This has been decided in the meantime: look at it again."), code="decided_meanwhile"
        )
    if seen and seen != handed_in(organisation):
        raise Conflict(_("It was changed while you were looking: look again."), code="changed_meanwhile")
    if verdict in NEED_A_REASON and not reason:
        raise Invalid(_("Say why: it is sent to the applicant."), code="reason_missing", field="reason")
    decision = _write(session, organisation, verdict, reason, actor_id, now)
    session.commit()
    return decision


def set_standing(
    session: Session, slug: str, status: Status, *, now: datetime, actor_id: int | None = None
) -> bool:
    """Approve (``ACTIVE``) or suspend an organisation by the command line; whether anything changed.

    Who runs the installation may also approve a draft. Raises :class:`NotFound`.
    """
    organisation = session.scalar(sa.select(Organisation).where(Organisation.slug == slug).with_for_update())
    if organisation is None:
        raise NotFound
    if organisation.status in ((status, Status.ENROLLED) if status == Status.ACTIVE else (status,)):
        return False
    back = organisation.status == Status.SUSPENDED
    verdict = (
        Verdict.SUSPENDED if status == Status.SUSPENDED else Verdict.REINSTATED if back else Verdict.APPROVED
    )
    _write(session, organisation, verdict, "", actor_id, now)
    session.commit()
    return True


def _write(
    session: Session,
    organisation: Organisation,
    verdict: Verdict,
    reason: str,
    actor_id: int | None,
    now: datetime,
) -> Decision:
    before = organisation.status
    organisation.status = _status_after(verdict, organisation)
    organisation.updated_at = now
    if verdict is Verdict.CHANGES_ASKED:
        # a draft again, to be handed in once it is changed
        organisation.submitted_at = None
    decision = Decision(
        organisation_id=organisation.id, at=now, actor_id=actor_id, verdict=verdict, reason=reason
    )
    session.add(decision)
    audit.record(
        session,
        now=now,
        actor_id=actor_id,
        verb="organisation.standing",
        subject=organisation,
        before=before,
        after=organisation.status.value,
    )
    announce_supplier(session, organisation.id, now)
    letters.tell_decision(session, organisation, decision)
    return decision


def _status_after(verdict: Verdict, organisation: Organisation) -> Status:
    if verdict in (Verdict.APPROVED, Verdict.REINSTATED):
        return Status.ENROLLED if is_person(organisation) else Status.ACTIVE
    return {
        Verdict.CHANGES_ASKED: Status.APPLICANT,
        Verdict.REFUSED: Status.REFUSED,
        Verdict.SUSPENDED: Status.SUSPENDED,
    }[verdict]
