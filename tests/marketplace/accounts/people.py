"""People with a password, and signing them in as a browser does."""

from functools import cache

from flask import current_app
from flask_security import hash_password
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from tests.factories import make_user

PASSWORD = "quattro parole messe insieme"


def make_person(session: Session, **overrides) -> User:
    """A person whose password is :data:`PASSWORD`; committed, so that requests find them."""
    # each installation salts its own way
    salt = current_app.config["SECURITY_PASSWORD_SALT"]
    person = make_user(session, **{"password": _hashed(PASSWORD, salt)} | overrides)
    session.commit()
    return person


@cache
def _hashed(password: str, salt: str) -> str:
    return hash_password(password)


def sign_in(client, email: str, password: str = PASSWORD, **kwargs):
    return client.post("/login", data={"email": email, "password": password}, **kwargs)


def is_signed_in(client) -> bool:
    return client.get("/account").status_code == 200
