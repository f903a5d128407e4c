"""The views of choosing, each in its own module."""

from marketplace.choosing import list_views
from marketplace.choosing.blueprint import blueprint

__all__ = ["blueprint", "list_views"]
