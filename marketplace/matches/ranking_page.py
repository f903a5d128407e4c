"""A demand answered, as the pages show it: suppliers above the line, those who lack one thing below, the map."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.demands.naming import lot_names
from marketplace.explore.map_points import points
from marketplace.i18n import current_language
from marketplace.matches.queries import ListedAnswer, ListedMatch, listed
from marketplace.matches.sentences import Naming, sentence
from marketplace.organisations.facts import Fact, facts
from search.demand import Demand, Profile
from search.judging import rome_day

#: Suppliers spelled out on a page; all are counted, and the API lists more.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class RankingPage:
    """What the templates of a ranking need. ``told`` and ``missing`` hold sentences by supplier id."""

    #: Suppliers in sight; the others of the list wait behind one click.
    IN_SIGHT: ClassVar[int] = 10

    demand: Demand
    listed: ListedAnswer
    lot_names: tuple[str, ...]
    told: dict[int, list[str]]
    missing: dict[int, list[str]]
    facts: dict[int, list[Fact]]
    places: dict[int, str]
    map_points: dict
    map_place: dict

    @property
    def answer(self):
        return self.listed.answer

    def uncovered(self, item: ListedMatch) -> list[str]:
        """The names of the lots for which a supplier has nothing."""
        covered = {cover.lot for cover in item.match.lots if cover.offer_ids}
        return [name for lot, name in enumerate(self.lot_names) if lot not in covered]

    @property
    def weights_are_open(self) -> bool:
        """Communities may move what counts; for a public body it is fixed with the request."""
        return self.demand.profile is Profile.COMMUNITY


def ranking(session: Session, demand: Demand, now: datetime) -> RankingPage:
    answer = engines.search_engine().match(demand, now)
    found = listed(session, answer, shown=SHOWN)
    language = current_language()
    tree, criteria = engines.categories(), engines.criteria()
    names = lot_names(demand.lots, tree, engines.cpv_labels(language), language)
    naming = Naming(criteria, names, language)
    return RankingPage(
        demand=demand,
        listed=found,
        lot_names=names,
        told={
            item.organisation.id: [sentence(reason, naming) for reason in item.match.reasons]
            for item in found.matches
        },
        missing={
            item.organisation.id: [sentence(reason, naming) for reason in item.near_miss.reasons]
            for item in found.near_misses
        },
        facts={
            item.organisation.id: facts(
                item.claims, criteria, rome_day(now), language, _titles(item), at=demand.place
            )
            for item in found.matches
        },
        places=_places(found),
        map_points=points(
            [item.organisation for item in found.matches],
            {
                item.organisation.id: {"icon": _icon(item, tree, demand), "rank": item.match.rank}
                for item in found.matches
            },
        ),
        map_place={"lat": demand.place.point.lat, "lon": demand.place.point.lon, "label": ""},
    )


def _titles(item: ListedMatch) -> dict[int, str]:
    return {id_: offer.title for id_, offer in item.offers.items()}


def _places(found: ListedAnswer) -> dict[int, str]:
    comuni = engines.comuni()
    return {
        item.organisation.id: comune.label
        for item in (*found.matches, *found.near_misses)
        if item.organisation.comune and (comune := comuni.get(item.organisation.comune))
    }


def _icon(item: ListedMatch, tree, demand: Demand) -> str:
    """The icon of the first lot that the supplier covers."""
    for cover in item.match.lots:
        lot = demand.lots[cover.lot]
        category = tree.get(lot.category) or tree.get(next(iter(tree.by_cpv(lot.cpv or "")), None))
        if cover.offer_ids and category:
            return category.icon
    return "shop"
