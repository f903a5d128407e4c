"""What one answer is worked out of: a transaction that reads one generation, with its codes and registers."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import sqlalchemy as sa

from search.catalogue_words import with_categories_above
from search.columns import Columns
from search.criteria import CriteriaRegister
from search.postgres.conditions import Asking, Parameters
from search.postgres.loading import Remembered
from search.postgres.schema import CATEGORY
from search.postgres.state import Current
from search.taxonomy import CategoryTree
from search.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class View:
    """One generation, for one answer. ``today`` is a day in Europe/Rome."""

    connection: sa.Connection
    prefix: str
    current: Current
    codes: Vocabulary
    tree: CategoryTree
    criteria: CriteriaRegister
    remembered: Remembered

    @property
    def space(self) -> str:
        """The schema of the build."""
        return f"{self.prefix}_{self.current.build}"

    def asking(self, today: date) -> Asking:
        """What conditions are made of."""
        return Asking(self.space, self.codes, self.tree, self.criteria, today)

    def columns(self, where: str, put: Parameters) -> Columns:
        """The columns of the offers ``o`` that fulfil a condition, perhaps remembered."""
        return self.remembered.columns(self.connection, self.prefix, self.current, self.codes, where, put)

    @cached_property
    def offers_by_category(self) -> dict[str, int]:
        """How many shown offers are in each category of the tree or below it, those without offers left out."""
        rows = self.connection.exec_driver_sql(
            f"SELECT term::integer, offers FROM {self.space}.tally WHERE kind = %(kind)s", {"kind": CATEGORY}
        )
        names = self.codes.codes
        return with_categories_above({names[number]: offers for number, offers in rows}, self.tree)
