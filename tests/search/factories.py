"""Small builders of documents, demands, a tree and a register, for tests of what ranks."""

from datetime import UTC, date, datetime
from itertools import count
from types import MappingProxyType

from geo.areas import Place, RadiusArea
from geo.points import Point
from search.criteria import CriteriaRegister, Criterion, Proof
from search.demand import Demand, Lot, Weights
from search.documents import ClaimDocument, OfferDocument, SupplierDocument
from search.taxonomy import Category, CategoryTree

NOW = datetime(2026, 4, 15, 10, 0, tzinfo=UTC)
BERGAMO = Point(45.70, 9.67)
AT_BERGAMO = Place(BERGAMO, comune="016024", province="BG")

_ids = count(1)


def category(
    code: str, *, it: str = "", synonyms: tuple[str, ...] = (), cpv: tuple[str, ...] = ()
) -> Category:
    """A node; its parent is what comes before the last dot."""
    return Category(
        code=code,
        parent=code.rpartition(".")[0] or None,
        level=code.count(".") + 1,
        label_it=it or code.rpartition(".")[2],
        label_en=code.rpartition(".")[2],
        synonyms_it=synonyms,
        synonyms_en=(),
        cpv=cpv,
        icon="box",
        kind="goods",
    )


TREE = CategoryTree(
    [
        category("food", it="alimentari", cpv=("15000000",)),
        category("food.cheese", it="formaggi", cpv=("15540000",)),
        category("food.cheese.goat", it="formaggi caprini", synonyms=("caprino",)),
        category("food.cheese.cow", it="formaggi vaccini", cpv=("15541000",)),
        category("food.fruit", it="frutta", cpv=("03220000",)),
        category("food.fruit.apples", it="mele", synonyms=("renetta",), cpv=("03222321",)),
        category("food.fruit.pears", it="pere", cpv=("03222321", "03222322")),
        category("care", it="cura del verde", cpv=("77300000",)),
        category("care.parks", it="parchi", cpv=("77313000",)),
        category("care.trees", it="alberi"),
    ]
)


def criterion(code: str, *proofs: Proof, public: bool = True) -> Criterion:
    """A criterion that admits these proofs."""
    return Criterion(
        code=code,
        number=1,
        label_it=code,
        label_en=code,
        meaning_it=code,
        meaning_en=code,
        proofs=MappingProxyType(dict.fromkeys(proofs, ("note",))),
        public_may_require=public,
        eforms=(),
        essglobal=None,
        source="test",
    )


CRITERIA = CriteriaRegister(
    [
        criterion("organic", Proof.CERTIFIED),
        criterion("agroecology", Proof.DECLARED, Proof.VISITED, Proof.PEER, public=False),
        criterion("work", Proof.SIGNED, Proof.REGISTER),
        criterion("anything", *Proof),
    ]
)


def offer(category: str = "food.cheese.goat", **values) -> OfferDocument:
    """A published offer; ids count up unless given."""
    values = {"id": next(_ids), "title": "prodotto", "unit": "kg", **values}
    return OfferDocument(category=category, **values)


def supplier(*offers: OfferDocument, **values) -> SupplierDocument:
    """An active supplier at Bergamo that delivers within 30 km of it."""
    values = {
        "id": next(_ids),
        "name": "Fornitore",
        "active": True,
        "seat": BERGAMO,
        "areas": (RadiusArea(30.0, BERGAMO),),
        **values,
    }
    return SupplierDocument(offers=offers, **values)


def claim(criterion: str, proof: str = "certified", expires: date | None = None, verified: bool = True):
    """A verified claim without an expiry."""
    return ClaimDocument(criterion, proof, expires, verified)


def demand(*lots: Lot, **values) -> Demand:
    """A community's demand at Bergamo, for goat cheese unless lots are given."""
    return Demand(**{"place": AT_BERGAMO, "lots": lots or (Lot("food.cheese.goat"),), **values})


PUBLIC_WEIGHTS = Weights(fit=3, proximity=0, values=4, price=1)
