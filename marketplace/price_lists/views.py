"""Every page of price lists; taken by create_app."""

from marketplace.price_lists import (  # noqa: F401
    import_views,
    list_views,
    preview_views,
    progress_views,
    supplier_views,
)
from marketplace.price_lists.blueprint import blueprint

__all__ = ["blueprint"]
