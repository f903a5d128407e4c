"""A district as CSV files: how any district starts, and how the demonstration is kept (docs/dataset.md).

:func:`check_dataset` reads and judges the files and touches no database; :func:`load_dataset` writes what was
judged good, in one transaction.
"""

from marketplace.district.dataset.check import Checked, check_dataset
from marketplace.district.dataset.load import Counts, load_dataset
from marketplace.district.dataset.problems import Problem
from marketplace.district.dataset.reference import Reference

__all__ = ["Checked", "Counts", "Problem", "Reference", "check_dataset", "load_dataset"]
