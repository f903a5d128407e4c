"""All pages of delivery night."""

from marketplace.delivery import list_views, night_views, offline_views, shift_views
from marketplace.delivery.blueprint import blueprint

__all__ = ["blueprint", "list_views", "night_views", "offline_views", "shift_views"]
