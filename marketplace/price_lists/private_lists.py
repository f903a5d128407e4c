"""Private lists of a group: who may keep one, making it, and leaving it as it was once its supplier is here."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.catalogue.import_models import PrivateList
from marketplace.errors import Conflict, Invalid
from marketplace.organisations.models import Organisation
from marketplace.permissions import require_role
from marketplace.price_lists.targets import ListTarget, Target


def create_private_list(
    session: Session,
    actor: User,
    organisation: Organisation,
    *,
    supplier_name: str,
    supplier_email: str,
    vat_number: str,
    now: datetime,
) -> PrivateList:
    """A list of a supplier who is not here, for a buying group or a co-op. Raises :class:`Invalid` for others."""
    require_role(session, actor, organisation.id)
    if not may_keep_lists(organisation):
        raise Invalid(_("Private lists are for purchasing groups and consumer co-ops."), code="not_a_group")
    made = PrivateList(
        organisation_id=organisation.id,
        supplier_name=supplier_name,
        supplier_email=supplier_email,
        vat_number=vat_number or None,
        contacts={},
        created_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="private_list.created", subject=made)
    session.commit()
    return made


def refuse_history(session: Session, target: Target) -> None:
    """Raises :class:`Conflict` for a list that its supplier has taken over: it stays as it was."""
    if isinstance(target, ListTarget):
        taken = session.scalar(sa.select(PrivateList.taken_over_at).where(PrivateList.id == target.list_id))
        if taken is not None:
            raise Conflict(
                _("The supplier has taken this list over: it is kept as it was."), code="taken_over"
            )


def may_keep_lists(organisation: Organisation) -> bool:
    return bool({kind.kind for kind in organisation.kinds} & {"buying_group", "consumer_coop"})
