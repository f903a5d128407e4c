"""People: who signs in. What they may do comes from their memberships, never from here.

Flask-Security's own mixins carry the columns of passwords, links and second
factors; only what this application adds stands here.
"""

from flask_security.models import sqla
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model

sqla.FsModels.set_db_info(base_model=Model, user_table_name="person", role_table_name="person_role")


class Role(Model, sqla.FsRoleMixin):
    """A person's duty for the whole district: ``secretariat`` (the desk) or ``administrator``."""

    __tablename__ = "person_role"


class User(Model, sqla.FsUserMixin):
    """A person who signs in, known to everything else by ``id`` alone."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(120), default="")
    locale: Mapped[str] = mapped_column(String(2), default="it")


class WebAuthn(Model, sqla.FsWebAuthnMixin):
    """Flask-Security wants the table to exist; no page offers passkeys yet."""

    __tablename__ = "webauthn"
