"""A frozen list in words: as it was kept, whether it still gives itself, and what has changed since."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace import engines
from marketplace.choosing.change_words import change_sentences, joint_sentence
from marketplace.choosing.changes import Change, JointChange, changes, joint_changes, rules_changed
from marketplace.choosing.freezing import gives_the_same_list
from marketplace.choosing.frozen_joint import read_score
from marketplace.choosing.frozen_values import read_category, read_criterion, read_demand
from marketplace.choosing.joint_words import joint_sentences
from marketplace.demands.naming import lot_names
from marketplace.i18n import current_language
from marketplace.matches.sentences import Naming, sentence
from search.criteria import CriteriaRegister
from search.demand import Demand, Profile
from search.reasons import Reason
from search.taxonomy import CategoryTree


@dataclass(frozen=True, slots=True)
class ToldChange:
    change: Change | JointChange
    sentences: list[str]

    @property
    def name(self) -> str:
        return ", ".join(self.change.partners) if isinstance(self.change, JointChange) else self.change.name


@dataclass(frozen=True, slots=True)
class ListPage:
    """``told`` and ``missing`` are sentences by supplier id; everything comes from the content alone."""

    content: Mapping
    demand: Demand
    lot_names: tuple[str, ...]
    criteria: CriteriaRegister
    told: dict[int, list[str]]
    missing: dict[int, list[str]]

    @property
    def answer(self) -> Mapping:
        return self.content["answer"]

    @property
    def joint_answers(self) -> Sequence[Mapping]:
        """Those that could be opened by then, the best suited first."""
        return self.answer.get("joint_answers", ())

    def joint_sentences(self, joint: Mapping) -> list[str]:
        """How one of them comes by its points, or why it has none."""
        names = {partner["supplier_id"]: partner["name"] for partner in joint["partners"]}
        return joint_sentences(read_score(joint), names, self.lot_names, self.missing)

    @property
    def is_public(self) -> bool:
        return self.demand.profile is Profile.PUBLIC


@dataclass(frozen=True, slots=True)
class Since:
    """Whether the list gives itself again, and what is different today."""

    gives_itself: bool
    changes: tuple[ToldChange, ...]
    rules: tuple[str, ...]


def list_page(stored: str) -> ListPage:
    """The page of a list from its stored canonical JSON."""
    content = json.loads(stored)
    language = current_language()
    demand = read_demand(content["demand"])
    tree = CategoryTree(read_category(node) for node in content["tree"]["nodes"])
    criteria = CriteriaRegister(read_criterion(one) for one in content["criteria"])
    names = lot_names(demand.lots, tree, engines.cpv_labels(language), language)
    naming = Naming(criteria, names, language)

    def told(entries) -> dict[int, list[str]]:
        return {
            entry["supplier_id"]: [told_reason(reason, naming) for reason in entry["reasons"]]
            for entry in entries
        }

    answer = content["answer"]
    return ListPage(content, demand, names, criteria, told(answer["matches"]), told(answer["near_misses"]))


def since(page: ListPage, today: Mapping) -> Since:
    """Beside the content of a list of today."""
    naming = Naming(engines.criteria(), page.lot_names, current_language())
    return Since(
        gives_itself=gives_the_same_list(page.content),
        changes=(
            *(
                ToldChange(change, change_sentences(change, naming))
                for change in changes(page.content, today)
            ),
            *(ToldChange(change, [joint_sentence(change)]) for change in joint_changes(page.content, today)),
        ),
        rules=rules_changed(page.content, today),
    )


def told_reason(reason: Mapping, naming: Naming) -> str:
    return sentence(
        Reason.of(reason["code"], **{name: value for name, value in reason.items() if name != "code"}), naming
    )
