"""Is the signal good enough for a night? Ten seconds before it, or any recording afterwards.

::

    sensor ─► looking ─┐
    file ──► stream ───┴─► seconds (pure) ─► judging against limits ─► findings, calibration
"""

from emgdetect.checking.checking import check_arrays, check_seconds, check_stream
from emgdetect.checking.findings import ChannelCheck, Finding, StreamCheck, StreamFacts, Verdict
from emgdetect.checking.limits import LIMITS, Limits
from emgdetect.checking.looking import Guide, Phase, Plan, Sensor, check_sensors
from emgdetect.checking.seconds import Seconds, measure

__all__ = [
    "LIMITS",
    "ChannelCheck",
    "Finding",
    "Guide",
    "Limits",
    "Phase",
    "Plan",
    "Seconds",
    "Sensor",
    "StreamCheck",
    "StreamFacts",
    "Verdict",
    "check_arrays",
    "check_seconds",
    "check_sensors",
    "check_stream",
    "measure",
]
