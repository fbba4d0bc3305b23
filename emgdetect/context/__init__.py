"""What goes with a recording: sleep stages, light, scored events, muscle and side, diary.

::

    scoring = read_scoring(Path("hypnogram.txt"))
    context = fitted([scoring], Night(duration=8 * 3600, start=recording.start))
    stages_at(context.stages, onsets)

``docs/context.md`` lists the formats and words.
"""

from emgdetect.context.annotations import from_annotations
from emgdetect.context.diary import Entry, Placed, placed
from emgdetect.context.fitting import Night, fitted
from emgdetect.context.hypnogram import epochs, seconds_in_stage, spans_of, stages_at
from emgdetect.context.motion import axes_of, movement, turns
from emgdetect.context.placement import Placement, placement_of, placements, same_place
from emgdetect.context.reading import is_scoring, read_scoring
from emgdetect.context.types import NREM, SLEEP, Context, Group, ScoredMark, Scoring, Stage, StageSpan

__all__ = [
    "NREM",
    "SLEEP",
    "Context",
    "Entry",
    "Group",
    "Night",
    "Placed",
    "Placement",
    "ScoredMark",
    "Scoring",
    "Stage",
    "StageSpan",
    "axes_of",
    "epochs",
    "fitted",
    "from_annotations",
    "is_scoring",
    "movement",
    "placed",
    "placement_of",
    "placements",
    "read_scoring",
    "same_place",
    "seconds_in_stage",
    "spans_of",
    "stages_at",
    "turns",
]
