"""What is done at once when a muscle or a sensor does something, by rules of the user's own.

::

    engine = Engine(read_alarms(["spasm>5s:bell"]), perform)
    engine.saw("left leg", event)            # each event as it is announced
    engine.tick(seconds, sensors)            # now and then
"""

from emgdetect.alarms.actions import Bell, Command, Post
from emgdetect.alarms.engine import Engine, Raised, Sensor
from emgdetect.alarms.performing import Performer
from emgdetect.alarms.reading import read_alarms
from emgdetect.alarms.rules import Alarm, Plan, Rule, Step

__all__ = [
    "Alarm",
    "Bell",
    "Command",
    "Engine",
    "Performer",
    "Plan",
    "Post",
    "Raised",
    "Rule",
    "Sensor",
    "Step",
    "read_alarms",
]
