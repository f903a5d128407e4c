"""All pages between a group and its supplier."""

from marketplace.order_sheets import coordinator_views, link_views, referente_views, supplier_views
from marketplace.order_sheets.blueprint import blueprint

__all__ = ["blueprint", "coordinator_views", "link_views", "referente_views", "supplier_views"]
