"""people.csv: who signs in and for whom. Passwords are never in a file."""

from marketplace.district.dataset.cells import Cells
from marketplace.district.dataset.rows import PersonRow
from marketplace.district.dataset.values import email, key, one_of
from marketplace.organisations.models import MemberRole

#: Duties for the whole district (see marketplace.accounts.models.Role).
DUTIES = ("secretariat", "administrator")


def read_person(cells: Cells) -> PersonRow | None:
    """One person in at most one organisation; a person with several has a row for each."""
    row = PersonRow(
        line=cells.line,
        email=cells.parsed("email", email, needed=True),
        name=cells.text("name", 120, needed=True),
        organisation=cells.parsed("organisation", key),
        role=cells.parsed("role", one_of(tuple(MemberRole)), MemberRole.MEMBER.value),
        duty=cells.parsed("duty", one_of(DUTIES)),
    )
    if cells.raw("role") and not cells.raw("organisation"):
        cells.refuse("role", "a role needs an organisation")
    return row if cells.good else None
