"""A supplier takes over the list that a group kept: its lines become the supplier's drafts, with their history.

Nothing is published by itself: prices are those that the group knew. The group keeps its list as it was, to read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.catalogue.import_models import ImportMapping, PrivateList, PrivateListItem
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.catalogue.proven_words import proven_words
from marketplace.catalogue.reserved_words import unproven_word
from marketplace.errors import Conflict, NotFound
from marketplace.form_text import one_line
from marketplace.organisations.models import MemberRole, Membership, Organisation, Status
from marketplace.permissions import require_role
from marketplace.price_lists import letters, queries
from marketplace.price_lists.supplier_invitations import list_of_token
from marketplace.price_lists.targets import OFFERS, ListTarget

#: Where a line names none and its title says none: a draft, to be put right.
_SOME_CATEGORY = "food"
_SAME = (
    "key", "title", "description", "unit", "price", "vat_treatment", "vat_rate", "box_size", "minimum",
    "multiple", "maximum_per_member", "available",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many lines became offers, how many were in the catalogue already, and the titles of drafts whose words
    need a proof before they can be published."""

    made: int
    known: int
    unproven: Sequence[str]


def who_may_take_over(session: Session, person: User, private_list: PrivateList) -> list[Organisation]:
    """The organisations into which the person may take the list: active ones that they edit, not the group's own."""
    return list(
        session.scalars(
            sa.select(Organisation)
            .join(Membership, Membership.organisation_id == Organisation.id)
            .where(
                Membership.person_id == person.id,
                Membership.role.in_((MemberRole.OWNER, MemberRole.EDITOR)),
                Organisation.status == Status.ACTIVE,
                Organisation.id != private_list.organisation_id,
            )
            .order_by(Organisation.name, Organisation.id)
        )
    )


def take_over(
    session: Session, actor: User, token: str, organisation: Organisation, *, now: datetime
) -> TakenOver:
    """Make drafts of the lines on sale and withdrawn offers of the others; remember how the supplier's files are read.

    Raises :class:`NotFound` where the link serves no more (a second time, too), :class:`Conflict` for the group itself.
    """
    private_list = list_of_token(session, token, now, lock=True)
    require_role(session, actor, organisation.id, at_least=MemberRole.EDITOR)
    if organisation.id == private_list.organisation_id:
        raise Conflict(_("A group does not take over its own list."), code="own_list")
    claimed = session.execute(
        sa.update(PrivateList)
        .where(PrivateList.id == private_list.id, PrivateList.taken_over_at.is_(None))
        .values(taken_over_by_id=organisation.id, taken_over_at=now, invitation_hash=None)
    )
    if not claimed.rowcount:
        session.rollback()
        raise NotFound
    items = session.scalars(
        sa.select(PrivateListItem)
        .where(PrivateListItem.list_id == private_list.id)
        .order_by(PrivateListItem.id)
    ).all()
    fresh = _not_there_yet(session, organisation.id, items)
    offers = [_offer(item, organisation.id, now) for item in fresh]
    session.add_all(offers)
    _copy_mappings(session, private_list, organisation.id, now)
    session.flush()
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb="private_list.taken_over",
        subject=private_list,
        organisation_id=organisation.id,
        offers={str(item.id): offer.id for item, offer in zip(fresh, offers, strict=True)},
    )
    letters.list_taken_over(session, private_list, organisation, now)
    held = proven_words(session, organisation.id, now).everywhere
    session.commit()
    return TakenOver(
        made=len(offers),
        known=len(items) - len(fresh),
        unproven=[
            offer.title for offer in offers if unproven_word(f"{offer.title}\n{offer.description}", held)
        ],
    )


def _not_there_yet(
    session: Session, organisation_id: int, items: Sequence[PrivateListItem]
) -> list[PrivateListItem]:
    """Lines whose code or name no offer of the supplier bears."""
    keys, titles = set(), set()
    for key, title in session.execute(
        sa.select(Offer.key, Offer.title).where(Offer.organisation_id == organisation_id)
    ):
        keys.add(key)
        titles.add(one_line(title).casefold())
    keys.discard(None)
    return [item for item in items if item.key not in keys and one_line(item.title).casefold() not in titles]


def _offer(item: PrivateListItem, organisation_id: int, now: datetime) -> Offer:
    return Offer(
        organisation_id=organisation_id,
        category=item.category or queries.categories().proposal(item.title) or _SOME_CATEGORY,
        status=OfferStatus.DRAFT if item.active else OfferStatus.WITHDRAWN,
        # as old as the group's list: the supplier has confirmed nothing yet
        confirmed_at=item.updated_at,
        created_at=now,
        updated_at=now,
        **{name: getattr(item, name) for name in _SAME},
    )


def _copy_mappings(session: Session, private_list: PrivateList, organisation_id: int, now: datetime) -> None:
    """How the group read the supplier's files, for the supplier's own imports."""
    target = ListTarget(private_list.organisation_id, private_list.id).name
    known = set(
        session.scalars(
            sa.select(ImportMapping.signature).where(
                ImportMapping.organisation_id == organisation_id, ImportMapping.target == OFFERS
            )
        )
    )
    for mapping in session.scalars(
        sa.select(ImportMapping).where(
            ImportMapping.organisation_id == private_list.organisation_id, ImportMapping.target == target
        )
    ).all():
        if mapping.signature not in known:
            session.add(
                ImportMapping(
                    organisation_id=organisation_id,
                    target=OFFERS,
                    signature=mapping.signature,
                    mapping=mapping.mapping,
                    updated_at=now,
                )
            )
