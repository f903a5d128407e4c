"""Whoever has their account erased takes along what is only theirs, and leaves no organisation without an owner."""

from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.accounts.operations import erase_account
from marketplace.db import db, writing
from marketplace.errors import Conflict
from marketplace.organisations.joining_models import Invitation
from marketplace.organisations.models import MemberRole, Membership, Organisation, Status
from tests.factories import NOW, make_invitation, make_membership, make_organisation, make_user


@pytest.mark.parametrize(
    "values",
    [
        {"status": Status.APPLICANT},
        {"status": Status.ENROLLED, "legal_form": "natural_person", "tax_code": "RSSMRA80A01F205X"},
    ],
)
def test_drafts_and_a_person_s_own_adherence_go_with_the_account(session, values):
    person = make_user(session)
    make_membership(session, person, make_organisation(session, **values))
    erase_account(session, person, NOW)
    assert session.scalar(sa.select(Organisation)) is None


def test_an_organisation_keeps_its_only_owner(session):
    person = make_user(session)
    make_membership(session, person, make_organisation(session))
    with pytest.raises(Conflict):
        erase_account(session, person, NOW)


def test_invitations_to_the_address_are_forgotten(session):
    person = make_user(session)
    make_invitation(session, make_organisation(session), email=person.email.upper())
    kept = make_invitation(session, make_organisation(session))
    erase_account(session, person, NOW)
    assert session.scalars(sa.select(Invitation)).all() == [kept]


def test_of_two_owners_erased_at_once_one_stays(fresh_app):
    with fresh_app.app_context():
        house = make_organisation(db.session)
        owners = [make_user(db.session) for _ in range(2)]
        for owner in owners:
            make_membership(db.session, owner, house, MemberRole.OWNER)
        db.session.commit()
        ids = [owner.id for owner in owners]
    barrier, refused = Barrier(2), []

    def erase(person_id: int) -> None:
        with fresh_app.app_context(), writing():
            barrier.wait()
            try:
                erase_account(db.session, db.session.get_one(User, person_id), NOW)
            except Conflict as error:
                db.session.rollback()
                refused.append(error)

    threads = [Thread(target=erase, args=(person_id,)) for person_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with fresh_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Membership)) == 1
    assert len(refused) == 1
