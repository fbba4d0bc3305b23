"""Phasic and tonic muscle activity in REM sleep, by 3 s mini-epochs and 30 s epochs.

Phasic: bursts of 0.1-5 s and at least four times the background; an epoch is phasic if at least five of its
ten mini-epochs hold one (AASM manual, older editions). Tonic: an epoch at least half of which is covered by
activity of more than 5 s and at least twice the background; the manual compares with the least amplitude in
NREM sleep, which events do not carry. Any: a mini-epoch with activity of either sort at twice the background,
as SINBAR counts (Frauscher et al. 2012, Sleep 35:835-847) and RBDtector (Röthenbacher et al. 2022) does.

Epochs are cut from the beginning of each stretch of REM sleep. A mini-epoch that is not valid throughout, or
touches an arousal or a respiratory event, is left out, and so is an epoch with one of those. Each channel is
judged on its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sequences.limits import TICK, above, at_least
from emgdetect.sequences.measures import share
from emgdetect.sequences.results import Findings, Refused
from emgdetect.sequences.rules import Needs, RuleSet
from emgdetect.sequences.windows import covered_seconds, cut, free_of

if TYPE_CHECKING:
    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Index, Movement
    from emgdetect.types import Event, FloatArray


@dataclass(frozen=True, slots=True)
class RemActivity:
    """Times in s; ratios are the event's RMS by the background's."""

    shortest: float = 0.1
    longest_phasic: float = 5.0
    phasic_ratio: float = 4.0
    any_ratio: float = 2.0
    mini_epoch: float = 3.0
    minis_per_epoch: int = 10
    least_minis: int = 5
    tonic_share: float = 0.5


def _find(material: Material, settings: RemActivity) -> Findings:
    classed = tuple(
        replace(movement, classes=_classes(event, material, settings))
        for movement, event in zip(material.movements(), material.events, strict=True)
    )
    size, n_minis = settings.mini_epoch, settings.minis_per_epoch
    rem = material.context.staged("R")
    minis, epochs = cut(rem, size, material.valid), cut(rem, n_minis * size, material.valid)
    for scored in (material.context.arousals, material.context.respiratory):
        minis = minis[free_of(minis, size, scored)]
        epochs = epochs[free_of(epochs, n_minis * size, scored)]
    context = material.context
    missing = {"arousals": context.arousals, "respiratory events": context.respiratory}
    return Findings(
        movements=classed,
        indices=(*_of_minis(minis, classed, settings), *_of_epochs(epochs, classed, settings)),
        counts={"REM mini-epochs": len(minis), "REM epochs": len(epochs)},
        refused=tuple(
            Refused(f"leaving out {name}", "none were scored")
            for name, spans in missing.items()
            if spans is None
        ),
    )


def _classes(event: Event, material: Material, settings: RemActivity) -> tuple[str, ...]:
    if not material.strong(event, settings.any_ratio):
        return ()
    if not at_least(event.duration, settings.shortest):
        return ()
    if above(event.duration, settings.longest_phasic):
        return ("any", "tonic")
    return ("any", "phasic") if material.strong(event, settings.phasic_ratio) else ("any",)


def _touched(starts: FloatArray, size: float, classed: tuple[Movement, ...], word: str) -> int:
    chosen = [movement for movement in classed if word in movement.classes]
    return int(np.sum(covered_seconds(starts, size, chosen) > TICK))


def _of_minis(minis: FloatArray, classed: tuple[Movement, ...], settings: RemActivity) -> tuple[Index, ...]:
    per = f"of {settings.mini_epoch:g} s mini-epochs of valid REM sleep"
    return tuple(
        share(
            f"mini-epochs with {word} activity",
            _touched(minis, settings.mini_epoch, classed, word),
            len(minis),
            per,
            unit="%",
        )
        for word in ("phasic", "any")
    )


def _of_epochs(epochs: FloatArray, classed: tuple[Movement, ...], settings: RemActivity) -> tuple[Index, ...]:
    size, n_minis = settings.mini_epoch, settings.minis_per_epoch
    starts = (epochs[:, np.newaxis] + size * np.arange(n_minis)).ravel()
    phasic = [movement for movement in classed if "phasic" in movement.classes]
    tonic = [movement for movement in classed if "tonic" in movement.classes]
    held = (covered_seconds(starts, size, phasic) > TICK).reshape(-1, n_minis).sum(axis=1)
    half = settings.tonic_share * n_minis * size
    filled = covered_seconds(epochs, n_minis * size, tonic) >= half - TICK
    per = f"of {n_minis * size:g} s epochs of valid REM sleep"
    return (
        share("phasic epochs", int(np.sum(held >= settings.least_minis)), len(epochs), per, unit="%"),
        share("tonic epochs", int(np.sum(filled)), len(epochs), per, unit="%"),
    )


RULE = RuleSet(
    name="rem-activity",
    title="Phasic and tonic muscle activity in REM sleep",
    source="AASM manual in secondary texts; Frauscher et al. 2012, Sleep 35:835-847; RBDtector",
    needs=Needs(hypnogram=True, alone=True),
    settings=RemActivity(),
    find=_find,
)
