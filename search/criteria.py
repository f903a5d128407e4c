"""Value criteria, the proofs that each admits, and what a proof is worth to whom.

The register is read from ``data/criteria.csv``; the values come from the table of proofs in MATCHING. A criterion
names the only proofs with which it may be claimed, and what each must carry.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from search.proof_fields import PROOF_FIELDS

COLUMNS = (
    "code",
    "number",
    "label_it",
    "label_en",
    "meaning_it",
    "meaning_en",
    "proofs",
    "public_may_require",
    "eforms",
    "essglobal",
    "source",
)


class Proof(StrEnum):
    """How a claim is verified, from the least to the most formal."""

    DECLARED = "declared"
    SIGNED = "signed"
    VISITED = "visited"
    PEER = "peer"
    REGISTER = "register"
    CERTIFIED = "certified"


class Profile(StrEnum):
    """On whose behalf a demand is made: purchasing groups, residents and enterprises, or public bodies."""

    COMMUNITY = "community"
    PUBLIC = "public"


# What a valid claim is worth, 0 to 1 (MATCHING, table of proofs). Defaults of a district setting.
EVIDENCE_VALUES: Mapping[Profile, Mapping[Proof, float]] = MappingProxyType(
    {
        Profile.COMMUNITY: MappingProxyType(
            {
                Proof.DECLARED: 0.3,
                Proof.SIGNED: 0.5,
                Proof.VISITED: 0.8,
                Proof.PEER: 0.9,
                Proof.REGISTER: 1.0,
                Proof.CERTIFIED: 1.0,
            }
        ),
        Profile.PUBLIC: MappingProxyType(
            {
                Proof.DECLARED: 0.0,
                # DPR 445/2000: a signed declaration is evidence before a public body.
                Proof.SIGNED: 0.6,
                # A purchasing group's visit or a participatory guarantee cannot be asked by a public body.
                Proof.VISITED: 0.0,
                Proof.PEER: 0.0,
                Proof.REGISTER: 1.0,
                Proof.CERTIFIED: 1.0,
            }
        ),
    }
)


class CriteriaError(ValueError):
    """The file of the criteria breaks a rule; the message names the row's code and the rule."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One value criterion.

    ``proofs`` maps each admitted proof to the fields that a claim with it must carry (keys of
    :data:`search.proof_fields.PROOF_FIELDS`). ``eforms`` holds ``list:code`` pairs of the eForms code lists,
    ``essglobal`` the name of a qualifier of that vocabulary, or None.
    """

    code: str
    number: int
    label_it: str
    label_en: str
    meaning_it: str
    meaning_en: str
    proofs: Mapping[Proof, tuple[str, ...]] = field(hash=False)
    public_may_require: bool
    eforms: tuple[str, ...]
    essglobal: str | None
    source: str

    def label(self, language: str = "it") -> str:
        """The label in ``it`` or ``en``; Italian for any other language."""
        return self.label_en if language == "en" else self.label_it

    def meaning(self, language: str = "it") -> str:
        """What the criterion means, in one line of ``it`` or ``en``."""
        return self.meaning_en if language == "en" else self.meaning_it

    def admits(self, proof: str) -> bool:
        """Whether it may be claimed with this proof."""
        return proof in self.proofs

    def may_be_required(self, proof: str, profile: str) -> bool:
        """Whether a demand of this profile may require it and accept this proof for it.

        A public body may require only what the register marks so, and only with proofs worth something to it.
        """
        if not self.admits(proof) or EVIDENCE_VALUES[Profile(profile)][Proof(proof)] <= 0:
            return False
        return self.public_may_require or profile != Profile.PUBLIC

    def requirable_proofs(self, profile: str) -> tuple[Proof, ...]:
        """The proofs that a demand of this profile may accept where it requires the criterion; maybe none."""
        return tuple(proof for proof in self.proofs if self.may_be_required(proof, profile))


class CriteriaRegister:
    """All criteria, in the order of the file. Unknown codes raise :class:`KeyError` except in :meth:`get`."""

    def __init__(self, criteria: Iterable[Criterion]):
        """Raises :class:`CriteriaError` where a code repeats."""
        self._criteria: dict[str, Criterion] = {}
        for criterion in criteria:
            if criterion.code in self._criteria:
                raise CriteriaError(f"{criterion.code}: the code appears twice")
            self._criteria[criterion.code] = criterion

    @classmethod
    def load(cls, path: str | Path) -> CriteriaRegister:
        """The register in a CSV file. Raises :class:`CriteriaError` for content, :class:`OSError` for the file."""
        with open(path, encoding="utf-8-sig", newline="") as file:
            return cls.from_rows(csv.DictReader(file))

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str | None]]) -> CriteriaRegister:
        """The register from rows with the columns of :data:`COLUMNS`."""
        return cls(_read_criterion(row) for row in rows)

    def __getitem__(self, code: str) -> Criterion:
        return self._criteria[code]

    def __contains__(self, code: object) -> bool:
        return code in self._criteria

    def __iter__(self) -> Iterator[Criterion]:
        return iter(self._criteria.values())

    def __len__(self) -> int:
        return len(self._criteria)

    def get(self, code: str) -> Criterion | None:
        """The criterion, or None where the code is unknown."""
        return self._criteria.get(code)

    def admits(self, criterion: str, proof: str) -> bool:
        """Whether the criterion with this code may be claimed with this proof."""
        return self._criteria[criterion].admits(proof)

    def may_be_required(self, criterion: str, proof: str, profile: str) -> bool:
        """Whether a demand of this profile may require the criterion and accept this proof for it."""
        return self._criteria[criterion].may_be_required(proof, profile)

    def admitted_proofs(self) -> dict[str, frozenset[Proof]]:
        """The admitted proofs by code of criterion: an input of the match."""
        return {criterion.code: frozenset(criterion.proofs) for criterion in self}


def _read_criterion(row: Mapping[str, str | None]) -> Criterion:
    missing = [column for column in COLUMNS if row.get(column) is None]
    if missing:
        raise CriteriaError(f"{row.get('code')}: no column {', '.join(missing)}")
    cells = {column: (row[column] or "").strip() for column in COLUMNS}
    code = cells["code"]
    for column in (
        "code",
        "label_it",
        "label_en",
        "meaning_it",
        "meaning_en",
        "proofs",
        "source",
    ):
        if not cells[column]:
            raise CriteriaError(f"{code}: {column} is empty")
    if cells["public_may_require"] not in ("yes", "no"):
        raise CriteriaError(f"{code}: public_may_require is neither yes nor no")
    if not cells["number"].isdecimal():
        raise CriteriaError(f"{code}: number {cells['number']!r} is not a whole number")
    return Criterion(
        code=code,
        number=int(cells["number"]),
        label_it=cells["label_it"],
        label_en=cells["label_en"],
        meaning_it=cells["meaning_it"],
        meaning_en=cells["meaning_en"],
        proofs=MappingProxyType(_read_proofs(code, cells["proofs"])),
        public_may_require=cells["public_may_require"] == "yes",
        eforms=tuple(item.strip() for item in cells["eforms"].split("|") if item.strip()),
        essglobal=cells["essglobal"] or None,
        source=cells["source"],
    )


def _read_proofs(code: str, cell: str) -> dict[Proof, tuple[str, ...]]:
    """``register:register+number|signed:statement`` as a mapping, in the order of :class:`Proof`."""
    found: dict[Proof, tuple[str, ...]] = {}
    for item in cell.split("|"):
        name, _, fields = item.strip().partition(":")
        try:
            proof = Proof(name)
        except ValueError:
            raise CriteriaError(f"{code}: {name!r} is not a proof") from None
        carried = tuple(field.strip() for field in fields.split("+") if field.strip())
        if not carried:
            raise CriteriaError(f"{code}: {name} carries nothing")
        if proof in found:
            raise CriteriaError(f"{code}: {name} appears twice")
        unknown = [field for field in carried if field not in PROOF_FIELDS]
        if unknown:
            raise CriteriaError(f"{code}: {name} carries unknown fields {', '.join(unknown)}")
        found[proof] = carried
    return {proof: found[proof] for proof in Proof if proof in found}
