"""The company an event comes in: how often weak brief events were believed lately.

Where there are many, the next one is likely true as well; in a night that has shown none, what barely passes
a threshold is more likely noise. In statistics: the rate of true events near the threshold is estimated from
those seen so far, as for a local false discovery rate (Efron et al., J Am Stat Assoc 96:1151-1160, 2001).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from emgdetect.detection.confidence import first_glance

if TYPE_CHECKING:
    from emgdetect.detection.confidence import Findings

_LATELY_S = 1800.0
_AS_IF_S = 180.0
"""As if one had been met in three minutes before the beginning."""
_BRIEF_S = 0.2
_WEAK_DB = 5.0


class Company:
    """How many weak brief events were believed lately.

    Only events believed at first glance count, so that belief cannot feed on itself.
    """

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def per_hour(self, seconds: float) -> float:
        """Return their rate in the half hour before a time.

        While little is known it is drawn towards a usual one.
        """
        while self._times and self._times[0] < seconds - _LATELY_S:
            self._times.popleft()
        return (len(self._times) + 1) / (min(seconds, _LATELY_S) + _AS_IF_S) * 3600

    def meet(self, found: Findings, seconds: float) -> None:
        """Take note of an event at a time in seconds; times never fall."""
        brief = found.seconds < _BRIEF_S and 0 <= found.margin_db < _WEAK_DB
        if brief and first_glance(found) > 0:
            self._times.append(seconds)
