"""Recording sensors into a session, with detection while it goes on.

::

    outcome = record([Source("left leg", device, transport)], "night.emgdb", Options(Search(profile)))
"""

from emgdetect.recorder.host import Host, RealHost, VirtualHost
from emgdetect.recorder.options import Control, Options, Outcome, Reason, Search, Source
from emgdetect.recorder.recording import record
from emgdetect.recorder.status import ChannelStatus, Listener, Silent, Status, StreamStatus

__all__ = [
    "ChannelStatus",
    "Control",
    "Host",
    "Listener",
    "Options",
    "Outcome",
    "RealHost",
    "Reason",
    "Search",
    "Silent",
    "Source",
    "Status",
    "StreamStatus",
    "VirtualHost",
    "record",
]
