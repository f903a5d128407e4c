"""All pages on group orders."""

from marketplace.orders import booking_views, cost_views, cycle_views, group_views, opening_views
from marketplace.orders.blueprint import blueprint

__all__ = ["blueprint", "booking_views", "cost_views", "cycle_views", "group_views", "opening_views"]
