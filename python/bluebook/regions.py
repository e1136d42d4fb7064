"""Labels of regions to ISO 3166 codes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from bluebook.decode import decode
from bluebook.flags import AnyPath, flags
from bluebook.process import call

# A label is at most a few hundred bytes, and the system bounds what a program is given at two megabytes or so.
LABELS_A_CALL = 1000


@dataclass(frozen=True)
class Region:
    """What a label stands for, and by which rule. All but the label is None where it is unknown, or may be several."""

    label: str
    region: str | None
    alpha2: str | None
    m49: str | None
    region_name: str | None
    region_kind: str | None
    rule: str | None


def resolve(
    labels: Iterable[str],
    *,
    nationalities: bool = False,
    dataset: AnyPath | None = None,
    timeout: float | None = None,
) -> list[Region]:
    """What labels of regions stand for, one for each label, in their order. An unknown label is no error.

    - nationalities: resolve nationalities to their countries
    - dataset: use the names of a built-in dataset, or of a definition
    """
    own = flags(format="json", nationalities=nationalities, dataset=dataset)
    given = [labels] if isinstance(labels, str) else list(labels)
    parts = [given[at : at + LABELS_A_CALL] for at in range(0, len(given), LABELS_A_CALL)]
    return [region for part in parts for region in _call([*own, "--", *part], timeout)]


def _call(arguments: list[str], timeout: float | None) -> list[Region]:
    """1 says that a label is unknown."""
    ended = call("regions", arguments, timeout)
    ended.insist(accepted=(0, 1))
    return [decode(Region, json.loads(line)) for line in ended.stdout.splitlines()]
