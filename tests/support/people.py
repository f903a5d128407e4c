"""Those who knock at every door: the owner, colleagues with lesser roles, a stranger, and nobody signed in."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.organisations.models import MemberRole, Organisation
from tests.factories import make_membership, make_organisation, make_user


@dataclass(frozen=True, slots=True)
class People:
    """A browser each; ``persons`` are the accounts by the same names."""

    owner: FlaskClient
    editor: FlaskClient
    member: FlaskClient
    stranger: FlaskClient
    anonymous: FlaskClient
    persons: dict[str, User]


def browser_of(app: Flask, person: User) -> FlaskClient:
    """A browser in which the person is signed in, without the second that a password takes."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = person.fs_uniquifier, True
    return client


def people_of(app: Flask, session: Session, organisation: Organisation) -> People:
    """An owner, an editor and a member of the organisation; a stranger who owns another one."""
    persons = {role.value: make_user(session) for role in MemberRole} | {"stranger": make_user(session)}
    for role in MemberRole:
        make_membership(session, persons[role.value], organisation, role)
    make_membership(session, persons["stranger"], make_organisation(session), MemberRole.OWNER)
    session.commit()
    return People(
        **{name: browser_of(app, person) for name, person in persons.items()},
        anonymous=app.test_client(),
        persons=persons,
    )
