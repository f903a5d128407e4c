"""Mails to the owners of an organisation about its evidence, each in the reader's language."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import formats
from marketplace.evidence.card_kinds import CARD_KINDS
from marketplace.i18n import current_language, speaking
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.sending import post_notice
from marketplace.organisations.evidence_models import PublicRecord
from marketplace.organisations.letters import owners_of
from marketplace.organisations.models import Claim, Organisation
from marketplace.page_address import whole_address
from search.criteria import Criterion


def claim_refused(session: Session, claim: Claim, criterion: Criterion, note: str, now: datetime) -> None:
    """What was looked at could not be confirmed, and why."""
    organisation = session.get(Organisation, claim.organisation_id)

    def text() -> tuple[str, str]:
        label = criterion.label(current_language())
        return (
            _("%(criterion)s: it could not be confirmed", criterion=label),
            _(
                "“%(criterion)s” of %(name)s could not be confirmed:\n\n%(note)s\n\nIt is not shown and does not"
                " count until you change it. Then it is looked at again.",
                criterion=label,
                name=organisation.name,
                note=note,
            ),
        )

    # a decision: told in any case
    _to_owners(session, organisation, MailKind.MEMBERSHIP, text, now)


def about_to_expire(
    session: Session,
    organisation: Organisation,
    claims: Sequence[tuple[Claim, Criterion]],
    titles: Sequence[str],
    now: datetime,
) -> None:
    """Which evidence expires soon, and when; ``titles`` are of offers whose words then are no longer allowed."""

    def text() -> tuple[str, str]:
        lines = [
            f"- {criterion.label(current_language())}: {formats.day(claim.expires)}"
            for claim, criterion in claims
        ]
        if titles:
            words = _(
                "These products bear words that only this evidence allows. Write them otherwise before that"
                " day, unless it is renewed:\n\n%(titles)s",
                titles="\n".join(f"- {title}" for title in titles),
            )
            lines += ["", words]
        return (
            _("%(name)s: evidence that is about to expire", name=organisation.name),
            _(
                "The last valid day of this evidence of %(name)s is near:\n\n%(lines)s\n\nAfter that day it no"
                " longer counts, without anybody doing anything. Enter the new certificate or registration as"
                " soon as you have it.",
                name=organisation.name,
                lines="\n".join(lines),
            ),
        )

    _to_owners(session, organisation, MailKind.REMINDERS, text, now)


def card_about_to_expire(
    session: Session, organisation: Organisation, records: Sequence[PublicRecord], now: datetime
) -> None:
    """Which lines of the card for public bodies expire soon, and when."""

    def text() -> tuple[str, str]:
        lines = [
            f"- {CARD_KINDS[record.kind].label if record.kind in CARD_KINDS else record.kind}:"
            f" {formats.day(record.expires)}"
            for record in records
        ]
        return (
            _("%(name)s: lines for public bodies that are about to expire", name=organisation.name),
            _(
                "The last valid day of these lines of %(name)s, which clerks read, is near:\n\n%(lines)s\n\nWrite"
                " the new ones as soon as you have them: after that day they are shown as expired.",
                name=organisation.name,
                lines="\n".join(lines),
            ),
        )

    _to_owners(session, organisation, MailKind.REMINDERS, text, now)


def _to_owners(
    session: Session,
    organisation: Organisation,
    kind: MailKind,
    text: Callable[[], tuple[str, str]],
    now: datetime,
) -> None:
    for owner in owners_of(session, organisation.id):
        with speaking(owner.locale):
            subject, body = text()
            post_notice(
                session,
                owner,
                kind,
                subject=subject,
                template="emails/evidence.txt",
                now=now,
                body=body,
                link=whole_address("evidence.own", slug=organisation.slug),
            )
