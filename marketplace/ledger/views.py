"""All pages on a group's cassa."""

from marketplace.ledger import (
    cassa_views,
    invoice_views,
    order_views,
    settle_views,
    statement_views,
    year_views,
)
from marketplace.ledger.blueprint import blueprint

__all__ = [
    "blueprint",
    "cassa_views",
    "invoice_views",
    "order_views",
    "settle_views",
    "statement_views",
    "year_views",
]
