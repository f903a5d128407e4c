"""The part of an organisation's address that is made of its name."""

import re
import unicodedata

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.organisations.models import Organisation

MAX_SLUG = 60
#: Addresses of ours that no organisation may take.
_OURS = frozenset({"new"})


def free_slug(session: Session, name: str) -> str:
    """A part of an address made of the name, with a number where it is taken: "cascina-tre-gelsi-2"."""
    base = slugify(name)
    taken = _OURS | set(
        session.scalars(sa.select(Organisation.slug).where(Organisation.slug.startswith(base)))
    )
    if base not in taken:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


def slugify(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG].strip("-") or "organisation"
