"""From what stands beside a detection to what the rule sets get to know."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from emgdetect.context import Night, Placed, fitted, placements
from emgdetect.scoring.levels import levels_of
from emgdetect.sequences import context_of, score_all
from emgdetect.sequences import placed as site_placed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from emgdetect import context, sequences
    from emgdetect.context import Placement, Scoring
    from emgdetect.recording import Stream
    from emgdetect.types import Detection


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes with a recording beside its signal.

    Attributes
    ----------
    scored : context.Context or None
        Stages and events that somebody scored, in seconds of the recording; ``None`` where nobody did.
    places : mapping of str to Placement
        Muscle and side by channel; a channel that is missing here is known by its name alone.
    diary : tuple of Placed
        What was noted, laid beside the recording.
    sources : tuple of str
        Names of the files the scoring came from.
    """

    scored: context.Context | None = None
    places: Mapping[str, Placement] = field(default_factory=dict)
    diary: tuple[Placed, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def staged(self) -> bool:
        """Whether there is a hypnogram."""
        return self.scored is not None and bool(self.scored.stages)


ALONE = Beside()
"""Nothing is known beside the recording."""


def beside(
    detection: Detection,
    scorings: Sequence[Scoring] = (),
    *,
    told: Mapping[str, str] | None = None,
    diary: tuple[Placed, ...] = (),
    shift: float = 0.0,
) -> Beside:
    """Gather what is known beside a detection.

    Parameters
    ----------
    detection : Detection
        Its length, start and channels are what everything is fitted to.
    scorings : sequence of Scoring
        Hypnogram, arousals, breathing; see :func:`emgdetect.context.read_scoring`.
    told : mapping of str to str, optional
        Muscle and side by channel in the user's words, as in ``"soleus left"``.
    diary : tuple of Placed
        Entries of the night.
    shift : float, default 0
        Seconds to add to every scored time.

    Raises
    ------
    UsageError
        If a scoring has no moment in common with the recording, or ``told`` names no channel of it.
    """
    night = Night(detection.n_samples / detection.info.sampling_rate, detection.info.start)
    return Beside(
        scored=fitted(scorings, night, shift=shift) if scorings else None,
        places=placements(detection.info.ch_names, told),
        diary=diary,
        sources=tuple(scoring.path.name for scoring in scorings),
    )


def scores(
    detection: Detection, known: Beside = ALONE, stream: Stream | None = None
) -> dict[str, sequences.Score]:
    """Apply every rule set to a detection with all that is known beside it.

    Parameters
    ----------
    detection : Detection
        Its events are judged.
    known : Beside
        Hypnogram and placements; without a hypnogram nothing is called sleep.
    stream : Stream, optional
        The samples, for what is counted from them rather than from events: the atonia index of a chin.

    Returns
    -------
    dict of str to Score
        By rule set; those that do not apply say why.
    """
    context = rules_context(detection, known)
    if stream is not None:
        context = replace(context, levels=levels_of(stream, context))
    return score_all(detection, context)


def rules_context(detection: Detection, known: Beside) -> sequences.Context:
    """Return what the rules get to know: the detection's own context, completed.

    Arousals and breathing that no file tells of count as not scored (``None``), not as absent.
    """
    own = context_of(detection)
    sites = tuple(_site(site, known.places.get(site.channel)) for site in own.sites)
    scored = known.scored
    if scored is None:
        return replace(own, sites=sites)
    return replace(
        own,
        sites=sites,
        stages=tuple((one.onset, one.stop, one.stage) for one in scored.stages) or None,
        arousals=_marked(scored, "arousal"),
        respiratory=_marked(scored, "respiratory"),
        in_bed=_in_bed(scored, own.length),
    )


def _site(site: sequences.Site, place: Placement | None) -> sequences.Site:
    if place is None:
        return site
    return site_placed(site, region=place.region, muscle=place.muscle, side=place.side)


def _marked(scored: context.Context, group: context.Group) -> tuple[sequences.Span, ...] | None:
    return tuple((mark.onset, mark.onset + mark.duration) for mark in scored.of(group)) or None


def _in_bed(scored: context.Context, length: float) -> sequences.Span | None:
    if scored.lights_off is None and scored.lights_on is None:
        return None
    start = 0.0 if scored.lights_off is None else scored.lights_off
    stop = length if scored.lights_on is None else scored.lights_on
    return (start, stop) if stop > start else None
