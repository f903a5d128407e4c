"""Two machines share a database and a file of secrets, and nothing else: people notice no difference."""

import pytest

from marketplace import create_app
from marketplace.db import db, writing
from tests.conftest import app_config
from tests.marketplace.accounts.people import is_signed_in, make_person, sign_in
from tests.support.isolation import Client

#: Machines that share a database share no disk, so it is PostgreSQL.
pytestmark = pytest.mark.parametrize(
    "fresh_database", [pytest.param("postgres", marks=pytest.mark.needs("postgres"))], indirect=True
)


@pytest.fixture
def machines(fresh_database, tmp_path):
    """Two applications, each with an instance folder of its own; the second has the secrets of the first."""
    made = []
    for number, secrets in enumerate(("", str(tmp_path / "machine-0" / "secrets.json"))):
        config = app_config(
            fresh_database.url, tmp_path / f"machine-{number}", SECRETS_FILE=secrets, RATELIMIT_ENABLED=True
        )
        made.append(create_app(config))
        made[-1].test_client_class = Client
    yield made
    for app in made:
        with app.app_context():
            db.engine.dispose()


def on_other_machine(client, app):
    """The same browser, answered by another machine next."""
    other = app.test_client()
    other._cookies = client._cookies
    return other


def test_a_session_begun_on_one_machine_goes_on_and_ends_on_the_other(machines):
    first, second = machines
    with first.app_context(), writing():
        email = make_person(db.session).email
    browser = first.test_client()
    sign_in(browser, email)
    elsewhere = on_other_machine(browser, second)
    assert is_signed_in(elsewhere)
    elsewhere.post("/logout")
    assert not is_signed_in(on_other_machine(elsewhere, first))


def test_a_password_set_on_one_machine_is_known_on_the_other(machines):
    first, second = machines
    with first.app_context(), writing():
        email = make_person(db.session).email
    browser = second.test_client()
    sign_in(browser, email)
    assert is_signed_in(browser)


def test_attempts_are_counted_across_machines(machines):
    for number in range(10):
        answer = sign_in(machines[number % 2].test_client(), "anna@example.org", "wrong")
        assert answer.status_code == 200
    for app in machines:
        assert sign_in(app.test_client(), "anna@example.org", "wrong").status_code == 429
