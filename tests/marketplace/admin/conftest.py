"""Whoever sits at the desk."""

import pytest

from tests.factories import make_user
from tests.support.people import browser_of


@pytest.fixture
def secretary(app, session):
    person = make_user(session, duties=("secretariat",), name="Segreteria")
    session.commit()
    return browser_of(app, person)
