"""Who may do what. Every route states its rule by one of these decorators; a test counts them.

Strangers get 404, as if there were nothing: what belongs to others is not even confirmed to exist.
Without a session a page leads to the sign-in and a program gets 401. A member whose role does not
suffice gets 403, because to members there is nothing to hide.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps

import sqlalchemy as sa
from flask import Flask
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.db import db
from marketplace.errors import Conflict, NotAllowed, NotFound, NotSignedIn
from marketplace.organisations.models import MemberRole, Membership, Organisation, Status


class Rule(StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed in"
    MEMBER = "member"
    EDITOR = "editor"
    OWNER = "owner"
    SECRETARIAT = "secretariat"


#: Duties for the whole district (names of :class:`marketplace.accounts.models.Role`).
SECRETARIAT, ADMINISTRATOR = "secretariat", "administrator"

_RANK = {MemberRole.MEMBER: 0, MemberRole.EDITOR: 1, MemberRole.OWNER: 2}


def public(view: Callable) -> Callable:
    """For everybody."""
    return _stating(view, Rule.PUBLIC)


def signed_in(view: Callable) -> Callable:
    """For everybody with an account; what they see of it is their own."""

    @wraps(view)
    def guarded(*args, **kwargs):
        _require_session()
        return view(*args, **kwargs)

    return _stating(guarded, Rule.SIGNED_IN)


def secretariat(view: Callable) -> Callable:
    """For the district's desk; to anybody else it does not exist."""

    @wraps(view)
    def guarded(*args, **kwargs):
        _require_session()
        if not is_desk(current_user):
            raise NotFound
        return view(*args, **kwargs)

    return _stating(guarded, Rule.SECRETARIAT)


def member_of(
    model: type, argument: str, *, at_least: MemberRole = MemberRole.EDITOR, active: bool = True
) -> Callable[[Callable], Callable]:
    """For members of the organisation, or of the one that owns the thing, named by a part of the address.

    ``model`` is :class:`Organisation` or anything with an ``organisation_id``; ``argument`` the part of the
    address: ``slug``, or an id. The view gets the thing itself, loaded, under its table's name: with
    ``member_of(Offer, "offer_id")`` the view takes ``offer``.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(*args, **kwargs):
            _require_session()
            thing = load_for(
                db.session, current_user, model, kwargs.pop(argument), at_least=at_least, active=active
            )
            return view(*args, **kwargs, **{model.__tablename__: thing})

        guarded.any_standing = not active
        return _stating(guarded, Rule(at_least.value))

    return decorate


def load_for(
    session: Session,
    person: User,
    model: type,
    key: int | str,
    *,
    at_least: MemberRole = MemberRole.EDITOR,
    active: bool = True,
):
    """The thing by id (an organisation also by slug), for a person who may handle it.

    Raises :class:`NotFound` for strangers, :class:`NotAllowed` where the role does not suffice,
    :class:`Conflict` where the organisation would have to be active and is not.
    """
    column = model.slug if isinstance(key, str) else model.id
    thing = session.scalar(sa.select(model).where(column == key))
    if thing is None:
        raise NotFound
    organisation_id = thing.id if model is Organisation else thing.organisation_id
    require_role(session, person, organisation_id, at_least=at_least, active=active)
    return thing


def require_role(
    session: Session,
    person: User,
    organisation_id: int | None,
    *,
    at_least: MemberRole = MemberRole.EDITOR,
    active: bool = True,
) -> None:
    """For operations: the actor's role in the organisation suffices, else the errors of :func:`load_for`."""
    row = None
    if organisation_id is not None:
        row = session.execute(
            sa.select(Membership.role, Organisation.status)
            .join(Organisation)
            .where(Membership.person_id == person.id, Membership.organisation_id == organisation_id)
        ).first()
    if row is None:
        raise NotFound
    if _RANK[MemberRole(row.role)] < _RANK[at_least]:
        raise NotAllowed(_("Your role in this organisation does not allow it."))
    if active and row.status != Status.ACTIVE:
        raise Conflict(
            _("This is possible once the district has approved the organisation."),
            code="organisation_not_active",
        )


def is_desk(person: User) -> bool:
    return person.is_authenticated and any(role.name in {SECRETARIAT, ADMINISTRATOR} for role in person.roles)


def state_rule(app: Flask, endpoint: str, rule: Rule) -> None:
    """For a route that is not ours, such as those of an extension."""
    app.extensions.setdefault("access_rules", {})[endpoint] = rule


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """The rule that the route's view states, ``None`` where it states none."""
    stated = app.extensions.get("access_rules", {}).get(endpoint)
    return stated or getattr(app.view_functions[endpoint], "access_rule", None)


def _require_session() -> None:
    if not current_user.is_authenticated:
        raise NotSignedIn


def _stating(view: Callable, rule: Rule) -> Callable:
    view.access_rule = rule
    return view
