"""Who can join, in the words of the district's leaflet ("Chi può aderire al DessBg?"), and what each is likely to be.

A type is only a way to begin: it proposes what the organisation does here and its legal form, and is not kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from marketplace.organisations.models import Kind

#: The legal form of somebody who joins as themselves: never public, whatever the district decides.
NATURAL_PERSON = "natural_person"
#: The one legal form that needs neither a partita IVA nor a codice fiscale (PRACTICE, Purchasing groups 1).
INFORMAL_GROUP = "informal_group"


@dataclass(frozen=True, slots=True)
class MemberType:
    """One kind of member: its name, the icon beside it, and what the form proposes for it."""

    label: object
    icon: str
    kinds: tuple[Kind, ...] = ()
    legal_form: str = ""


MEMBER_TYPES: Mapping[str, MemberType] = {
    "producer": MemberType(_("Farm, workshop or other producer"), "shop", (Kind.PRODUCER,)),
    "social_coop": MemberType(_("Social co-op (L. 381/1991)"), "people", (Kind.PRODUCER,), "social_coop"),
    "social_enterprise": MemberType(
        _("Social enterprise (D.Lgs. 112/2017)"), "building-check", (Kind.PRODUCER,), "social_enterprise"
    ),
    "economic": MemberType(
        _("Another business that shares the values of the charter"), "briefcase", (Kind.PRODUCER,)
    ),
    "association": MemberType(_("Association"), "people-fill", (Kind.PRODUCER,), "association"),
    "third_sector": MemberType(_("Third-sector organisation"), "heart", (Kind.PRODUCER,), "ets_other"),
    "buying_group": MemberType(
        _("Solidarity purchasing group (GAS)"), "basket2", (Kind.BUYING_GROUP,), INFORMAL_GROUP
    ),
    "csa": MemberType(
        _("Community-supported agriculture (CSA)"),
        "flower1",
        (Kind.PRODUCER, Kind.BUYING_GROUP),
        "association_unrecognised",
    ),
    "consumer_coop": MemberType(_("Consumer co-op"), "shop-window", (Kind.CONSUMER_COOP,), "consumer_coop"),
    "time_bank": MemberType(_("Time bank"), "clock-history", (Kind.PRODUCER,), "association"),
    "ethical_finance": MemberType(
        _("Ethical, mutual and solidarity finance"), "piggy-bank", (Kind.PRODUCER,), "finance_coop"
    ),
    "mutual_aid": MemberType(_("Mutual aid"), "umbrella", (Kind.PRODUCER,), "friendly_society"),
    "fair_trade": MemberType(_("Fair trade"), "globe2", (Kind.PRODUCER,), "cooperative"),
    "local_authority": MemberType(
        _("Municipality or other local authority"), "bank", (Kind.LOCAL_AUTHORITY,), "comune"
    ),
    "inter_municipal": MemberType(
        _("Inter-municipal body, such as an Ambito"), "buildings", (Kind.INTER_MUNICIPAL,), "special_company"
    ),
    "school": MemberType(_("School or university"), "mortarboard", (Kind.SCHOOL,), "school"),
    "caterer": MemberType(_("Canteen operator"), "cup-hot", (Kind.CATERER,)),
    "sub_district": MemberType(_("District of a part of the province"), "diagram-3", (Kind.NETWORK,)),
    "union": MemberType(_("Trade union"), "megaphone", (Kind.NETWORK,), "category_association"),
    "trade_association": MemberType(
        _("Trade association"), "diagram-2", (Kind.NETWORK,), "category_association"
    ),
    "chamber": MemberType(_("Chamber of commerce"), "building", (Kind.NETWORK,), "chamber_of_commerce"),
    "person": MemberType(_("A person, for oneself"), "person", (), NATURAL_PERSON),
}
