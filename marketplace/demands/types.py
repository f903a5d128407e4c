"""What the types of demand have in common and what sets them apart (PRACTICE, Public buyers 1)."""

from marketplace.demands.models import DemandType

#: Types that only a body bound by public law posts; they are matched with the profile ``public``.
PUBLIC_TYPES = frozenset(DemandType) - {DemandType.NEED, DemandType.WISH}

#: Types whose answers stay closed until the deadline, whatever the buyer says: so they need one.
ALWAYS_SEALED = frozenset({DemandType.QUOTE_REQUEST, DemandType.SOCIAL_COOP_AGREEMENT})

#: Types whose page ranks suppliers. A consultation and a board must not rank anybody, and a notice elsewhere
#: is a link only.
RANKED_TYPES = frozenset(
    {DemandType.NEED, DemandType.WISH, DemandType.QUOTE_REQUEST, DemandType.SOCIAL_COOP_AGREEMENT}
)
