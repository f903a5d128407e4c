"""An organisation that applies, for the tests of the desk."""

from marketplace.accounts.models import User
from marketplace.organisations.models import Organisation, Status
from tests.factories import NOW, make_membership, make_organisation, make_user


def application(session, **overrides) -> Organisation:
    values = {
        "name": "Cascina dei Tre Venti",
        "status": Status.APPLICANT,
        "submitted_at": NOW,
        "legal_form": "farm_individual",
        "vat_number": "00743110157",
    }
    organisation = make_organisation(session, **values | overrides)
    make_membership(session, make_user(session, name="Titolare"), organisation)
    session.commit()
    return organisation


def owner_of(session, organisation) -> User:
    return session.get_one(User, organisation.memberships[0].person_id)


def standing(session, organisation) -> str:
    session.expire_all()
    return session.get_one(Organisation, organisation.id).status
