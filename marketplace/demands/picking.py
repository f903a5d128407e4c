"""Choosing what is needed from the tree of goods and services, or from the CPV, a step at a time in the same form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from search.category_names import folded_name
from search.taxonomy import CategoryTree

#: Results of a search in the tree, and in the CPV.
SHOWN = 12
#: ``pick`` says for which line and where in the tree: "0", "0:food.fruit", or "0:?" for a search.
_STEP = re.compile(r"([0-9]{1,3})(?::(\?|[a-z0-9_.]{1,80}))?")
#: ``choose`` says for which line and what: "0=food.fruit.apples" or "0=03222321".
_CHOICE = re.compile(r"([0-9]{1,3})=([a-z0-9_.]{1,80})")


@dataclass(frozen=True, slots=True)
class Node:
    """A category, or a CPV code: ``code`` is what is chosen, ``label`` what it is called, with where it stands."""

    code: str
    label: str
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Picker:
    """What is shown for one line: the way down to here, what is below, and what the words found."""

    line: int
    words: str
    path: tuple[Node, ...]
    below: tuple[Node, ...]
    found: tuple[Node, ...] = ()
    cpv: tuple[Node, ...] = ()

    @property
    def found_nothing(self) -> bool:
        return bool(self.words) and not (self.found or self.cpv)


def picker(
    step: str, words: str, tree: CategoryTree, cpv_labels: Mapping[str, str], language: str
) -> Picker | None:
    """What to show for a value of ``pick``; ``None`` where it is none."""
    asked = _STEP.fullmatch(step)
    if asked is None:
        return None
    line, where = int(asked[1]), asked[2] or ""
    here = tree.get(where)
    path = (
        ()
        if here is None
        else tuple(tree[code] for code in (*reversed(tree.ancestors(here.code)), here.code))
    )
    below = tree.children(here.code) if here is not None else tree.roots()
    words = " ".join(words.split())[:80] if where == "?" else ""
    return Picker(
        line=line,
        words=words,
        path=tuple(Node(one.code, one.label(language), True) for one in path),
        below=tuple(Node(one.code, one.label(language), not tree.is_leaf(one.code)) for one in below),
        found=_categories(words, tree, language),
        cpv=_cpv(words, tree, cpv_labels, language),
    )


def chosen(choice: str) -> tuple[int, str] | None:
    """The line and the code of a value of ``choose``; ``None`` where it is none."""
    asked = _CHOICE.fullmatch(choice)
    return (int(asked[1]), asked[2]) if asked else None


def name_of(code: str, tree: CategoryTree, language: str) -> str:
    """What stands in the box once a code is chosen: the category's name where that says it, else the code."""
    category = tree.get(code)
    if category is None:
        return code
    label = category.label(language)
    return label if tree.resolve(label) == code else code


def _categories(words: str, tree: CategoryTree, language: str) -> tuple[Node, ...]:
    asked = folded_name(words, language).split()
    if not asked:
        return ()
    found = [
        category
        for category in tree
        if any(
            _has_all(asked, folded_name(name, language))
            for name in (category.label(language), *category.synonyms(language))
        )
    ]
    found.sort(key=lambda category: category.level)
    return tuple(
        Node(one.code, " › ".join(tree.path(one.code, language)), not tree.is_leaf(one.code))
        for one in found[:SHOWN]
    )


def _cpv(words: str, tree: CategoryTree, cpv_labels: Mapping[str, str], language: str) -> tuple[Node, ...]:
    digits = words.replace("-", "")
    if digits.isascii() and digits.isdigit():
        found = [code for code in cpv_labels if code.startswith(digits[:8])]
    elif asked := folded_name(words, language).split():
        found = [code for code, label in cpv_labels.items() if _has_all(asked, folded_name(label, language))]
    else:
        return ()
    known = (code for code in found if tree.by_cpv(code))
    return tuple(
        Node(code, f"{code} {cpv_labels[code]}") for code, _ in zip(known, range(SHOWN), strict=False)
    )


def _has_all(asked: list[str], name: str) -> bool:
    words = name.split()
    return all(any(word.startswith(one) for word in words) for one in asked)
