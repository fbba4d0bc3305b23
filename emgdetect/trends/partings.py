"""Which nights stand on which side: before and after a moment, with and without a word of the diary."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.trends.contrasts import Group, contrasted
from emgdetect.trends.types import Contrast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.trends.types import Night, NightValue


def instant(time: datetime) -> datetime:
    """Return a time that can be compared with any other; without an offset it is taken as UTC."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def changes(
    nights: Sequence[Night], values: Sequence[NightValue], since: datetime | None = None
) -> tuple[Contrast, ...]:
    """Compare the nights before and after each intervention of the diary, and a moment given by the user.

    Of an intervention noted several times the first counts. Nights without a start, or left out, are on no
    side.
    """
    moments: dict[tuple[str, str], datetime] = {}
    if since is not None:
        moments["date", f"{since:%Y-%m-%d %H:%M}"] = since
    for night in nights:
        for one in night.entries:
            if one.entry.kind == "intervention":
                key = ("intervention", one.entry.tag)
                moments[key] = min(moments.get(key, one.entry.time), one.entry.time, key=instant)
    dated = [value for value in values if value.used and nights[value.night].start is not None]
    found = []
    for (kind, what), moment in moments.items():
        after = [value for value in dated if not _before(nights[value.night], moment)]
        before = [value for value in dated if _before(nights[value.night], moment)]
        found.append(contrasted(Contrast(what, kind, moment, 0, 0), _group(before), _group(after)))
    return tuple(found)


def _before(night: Night, moment: datetime) -> bool:
    """Say whether a night began before a moment; clocks without a zone hung in one room."""
    if night.start is None:
        return False
    if night.start.tzinfo is None or moment.tzinfo is None:
        return night.start.replace(tzinfo=None) < moment.replace(tzinfo=None)
    return night.start < moment


def associations(nights: Sequence[Night], values: Sequence[NightValue]) -> tuple[Contrast, ...]:
    """Compare nights with each word of the diary and without.

    Only nights with a diary can be without. An intervention noted once is no habit: :func:`changes` has it.
    """
    kept = [value for value in values if value.used and nights[value.night].entries]
    found = []
    noted = Counter(tag for night in nights for tag in night.tags)
    for kind, tag in sorted(one for one, times in noted.items() if times > 1 or one[0] != "intervention"):
        having = [value for value in kept if (kind, tag) in nights[value.night].tags]
        without = [value for value in kept if (kind, tag) not in nights[value.night].tags]
        found.append(contrasted(Contrast(tag, kind, None, 0, 0), _group(without), _group(having)))
    return tuple(found)


def _group(values: Sequence[NightValue]) -> Group:
    counts = np.array([value.count or 0 for value in values], dtype=np.float64)
    return Group(counts, np.array([value.valid_hours for value in values], dtype=np.float64))
