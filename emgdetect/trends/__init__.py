"""Many nights side by side: rates and their spread, what changed, and what goes with what.

::

    nights = [read_night(path) for path in paths]
    trends(nights).of("TA left").pooled        # events per valid hour, with its interval
"""

from emgdetect.trends.comparing import Wish, trends
from emgdetect.trends.reading import channels_of, read_night
from emgdetect.trends.types import (
    FEWEST_NIGHTS,
    MIN_HOURS,
    MIN_SHARE,
    Contrast,
    FirstSeen,
    HourBin,
    HourRate,
    Night,
    NightChannel,
    NightValue,
    Series,
    Trends,
)

__all__ = [
    "FEWEST_NIGHTS",
    "MIN_HOURS",
    "MIN_SHARE",
    "Contrast",
    "FirstSeen",
    "HourBin",
    "HourRate",
    "Night",
    "NightChannel",
    "NightValue",
    "Series",
    "Trends",
    "Wish",
    "channels_of",
    "read_night",
    "trends",
]
