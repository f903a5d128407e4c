"""Somebody who says something, and everybody who may have a say in it."""

from io import BytesIO

import pytest

from marketplace.organisations.models import Kind, MemberRole
from tests.factories import make_delegation, make_membership, make_organisation, make_user
from tests.support.files import pdf_bytes
from tests.support.people import browser_of, people_of

#: What the form of an organic certificate asks.
ORGANIC = {
    "control_body": "it-bio-009",
    "operator_code": "A123",
    "certificate": "C-2026-1",
    "expiry": "2099-12-31",
}


@pytest.fixture
def farm(session):
    return make_organisation(session, name="Cascina Prova", province="BG")


@pytest.fixture
def people(app, session, farm):
    return people_of(app, session, farm)


@pytest.fixture
def desk(app, session):
    person = make_user(session, duties=("secretariat",))
    session.commit()
    return browser_of(app, person)


@pytest.fixture
def delegate(app, session):
    """Makes browsers of editors of a network with a delegation."""

    def make(criterion="organic", role=MemberRole.EDITOR, **overrides):
        network = make_organisation(session, kinds=(Kind.NETWORK,), name="Rete Biologica")
        person = make_user(session)
        make_membership(session, person, network, role)
        make_delegation(session, network, criterion, **overrides)
        session.commit()
        return browser_of(app, person)

    return make


@pytest.fixture
def organic_form():
    """The whole form with a new certificate."""

    def make(content: bytes | None = None, **overrides):
        document = BytesIO(pdf_bytes() if content is None else content), "../../certificato.exe"
        return ORGANIC | {"document": document} | overrides

    return make
