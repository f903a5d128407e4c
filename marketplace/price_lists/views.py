"""Every page of price lists; taken by create_app."""

from marketplace.price_lists import import_views, list_views, preview_views, progress_views  # noqa: F401
from marketplace.price_lists.blueprint import blueprint

__all__ = ["blueprint"]
