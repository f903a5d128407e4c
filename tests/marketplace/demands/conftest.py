"""A group and a town, and the people of each."""

import pytest

from marketplace.organisations.models import Kind
from tests.factories import make_organisation
from tests.support.people import people_of


@pytest.fixture
def group(session):
    return make_organisation(session, kinds=(Kind.BUYING_GROUP,), slug="gas")


@pytest.fixture
def town(session):
    return make_organisation(session, kinds=(Kind.LOCAL_AUTHORITY,), slug="comune")


@pytest.fixture
def people(app, session, group):
    return people_of(app, session, group)


@pytest.fixture
def officials(app, session, town):
    return people_of(app, session, town)
