"""The views of choosing, each in its own module."""

from marketplace.choosing import compare_views, list_views, outcome_views, report_views
from marketplace.choosing.blueprint import blueprint

__all__ = ["blueprint", "compare_views", "list_views", "outcome_views", "report_views"]
