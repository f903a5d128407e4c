"""Which requests may write, and that nobody waits for a password to be hashed."""

import threading

import pytest

from marketplace.accounts import passwords
from marketplace.db import db, writing
from marketplace.request_cycle import may_write, read_only
from tests.factories import make_user
from tests.marketplace.accounts.people import make_person, sign_in


@pytest.mark.parametrize(
    "method, path, expected",
    [
        ("GET", "/", False),
        ("HEAD", "/login", False),
        ("POST", "/login", True),
        ("GET", "/confirm/abc", True),
        ("POST", "/api/v1/match", False),
        ("POST", "/nowhere", True),
    ],
)
def test_unsafe_methods_and_pages_opened_from_mails_may_write(app, method, path, expected):
    with app.test_request_context(path, method=method):
        assert may_write() is expected


def test_a_view_may_say_that_it_only_reads(app):
    assert read_only(lambda: None).read_only


def test_others_write_while_a_password_is_hashed(fresh_app, monkeypatch):
    with fresh_app.app_context():
        email = make_person(db.session).email
        context = fresh_app.extensions["security"].pwd_context._context
    inside, written = threading.Event(), threading.Event()

    class Slow:
        """Hashes only once somebody else has written."""

        def verify(self, *args):
            inside.set()
            assert written.wait(8), "the writer had to wait for the hash"
            return context.verify(*args)

        def __getattr__(self, name):
            return getattr(context, name)

    fresh_app.extensions["security"].pwd_context = passwords.LockFreeContext(Slow())

    def write():
        inside.wait(8)
        with fresh_app.app_context(), writing():
            make_user(db.session)
            db.session.commit()
        written.set()

    other = threading.Thread(target=write)
    other.start()
    answer = sign_in(fresh_app.test_client(), email)
    other.join()
    assert answer.status_code == 302
