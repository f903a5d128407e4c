"""People, what they do for the district, and their memberships."""

from collections.abc import Mapping
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from marketplace.accounts.models import Role, User
from marketplace.district.dataset.rows import PersonRow
from marketplace.district.dataset.writing import Writing
from marketplace.organisations.models import Membership, Organisation


class PeopleWriter:
    """A person is found by e-mail address; an existing one keeps the password that they chose."""

    def __init__(
        self, writing: Writing, organisations: Mapping[str, Organisation], *, password_hash: str | None
    ):
        self._writing, self._organisations, self._password_hash = writing, organisations, password_hash
        session = writing.session
        known = session.scalars(sa.select(User).options(selectinload(User.roles)))
        self.by_email = {one.email.casefold(): one for one in known}
        self._roles = {one.name: one for one in session.scalars(sa.select(Role))}
        self._memberships = {
            (one.person_id, one.organisation_id): one for one in session.scalars(sa.select(Membership))
        }

    def write_person(self, row: PersonRow) -> None:
        """One row; it counts as created where the person or the membership is new."""
        person = self.by_email.get(row.email.casefold())
        known = person is not None and self._belongs(person, row)
        if person is None:
            person = self._new_person(row)
        changed = self._take_duty(person, row.duty) | self._join(person, row)
        if known:
            self._writing.update("people", person, {"name": row.name}, also=changed)
        else:
            person.name = row.name
            self._writing.counts["people"].created += 1

    def _belongs(self, person: User, row: PersonRow) -> bool:
        if row.organisation is None:
            return True
        return (person.id, self._organisations[row.organisation].id) in self._memberships

    def _new_person(self, row: PersonRow) -> User:
        person = User(
            email=row.email,
            name=row.name,
            password=self._password_hash,
            active=True,
            # Flask-Security keeps its own moments without a zone, in UTC
            confirmed_at=self._writing.now.replace(tzinfo=None),
            fs_uniquifier=uuid4().hex,
            roles=[],
        )
        self._writing.session.add(person)
        self._writing.session.flush()
        self.by_email[row.email.casefold()] = person
        return person

    def _take_duty(self, person: User, duty: str | None) -> bool:
        if duty is None or any(role.name == duty for role in person.roles):
            return False
        role = self._roles.get(duty)
        if role is None:
            role = self._roles[duty] = Role(name=duty)
            self._writing.session.add(role)
        person.roles.append(role)
        return True

    def _join(self, person: User, row: PersonRow) -> bool:
        if row.organisation is None:
            return False
        organisation = self._organisations[row.organisation]
        membership = self._memberships.get((person.id, organisation.id))
        if membership is None:
            membership = Membership(
                person_id=person.id, organisation_id=organisation.id, role=row.role, since=self._writing.now
            )
            self._writing.session.add(membership)
            self._memberships[person.id, organisation.id] = membership
            return True
        if membership.role == row.role:
            return False
        membership.role = row.role
        return True
