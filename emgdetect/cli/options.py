"""The options that several commands share, said once so that they mean the same everywhere.

The aliases are read by typer when the program starts; nothing heavy may be imported here. Paths are taken
as they are (``readable=False``): whether a file can be read is for the reader to say, in its own words.
"""

from pathlib import Path
from typing import Annotated, Literal

import typer

UnitName = Literal["uV", "adc", "envelope"]

NO_VALUE = ""
"""What a flag takes; unless told, help would show ``<bool>`` as if it wanted a word."""

SOURCE_HELP = "A recording in any format emgdetect reads, or a session file (.emgdb)."
Source = Annotated[Path, typer.Argument(metavar="FILE", help=SOURCE_HELP, show_default=False, readable=False)]

Device = Annotated[
    str | None,
    typer.Option("--device", metavar="KEY", help="Which product it is, where the address does not tell."),
]
DeviceOption = Annotated[
    list[str] | None,
    typer.Option("--option", metavar="KEY=VALUE", help="An option of the product; may be repeated."),
]
Profile = Annotated[
    str,
    typer.Option("--profile", "-p", metavar="NAME", help="Detection profile: a name, or a TOML file."),
]
SensitivityName = Literal["low", "normal", "high"]
Sensitivity = Annotated[
    SensitivityName,
    typer.Option("--sensitivity", help="Fewer false alarms (low) or weaker events (high)."),
]
SamplingRate = Annotated[
    float | None,
    typer.Option("--sampling-rate", metavar="HZ", help="Sampling rate, when the file does not say."),
]
Unit = Annotated[
    UnitName | None,
    typer.Option("--unit", help="What the values are: µV, counts of unknown gain, or an envelope."),
]
Envelope = Annotated[
    bool,
    typer.Option(
        "--envelope", metavar=NO_VALUE, help="The input is rectified or smoothed already: --unit envelope."
    ),
]
Layout = Annotated[
    Path | None,
    typer.Option(
        "--layout", metavar="FILE", help="How to read a text table, from info --save-layout.", readable=False
    ),
]
Channels = Annotated[
    list[str] | None,
    typer.Option("--channel", "-c", metavar="NAME", help="Look at this channel only; may be repeated."),
]
Run = Annotated[
    int | None,
    typer.Option("--run", metavar="N", help="Which detection of a session; the newest unless given."),
]
Artefacts = Annotated[
    bool, typer.Option("--artefacts", metavar=NO_VALUE, help="Include artefacts; they are never counted.")
]
Hypnogram = Annotated[
    list[Path] | None,
    typer.Option(
        "--hypnogram",
        metavar="FILE",
        help="Sleep stages or scored events of the same night; may be repeated.",
        readable=False,
    ),
]
Place = Annotated[
    list[str] | None,
    typer.Option(
        "--place",
        metavar="CH=MUSCLE,SIDE",
        help="Where a channel is, as in 'CH1=soleus,left'; may be repeated.",
    ),
]
Shift = Annotated[
    float,
    typer.Option("--shift", metavar="SECONDS", help="Add this to every time of the hypnogram."),
]
AsJson = Annotated[
    bool, typer.Option("--json", metavar=NO_VALUE, help="Print one JSON document instead of text.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", metavar=NO_VALUE, help="Print nothing but errors.")]
Force = Annotated[bool, typer.Option("--force", metavar=NO_VALUE, help="Replace files that exist already.")]

DEFAULT_PROFILE = "generic"

OtherProfile = Annotated[
    str | None,
    typer.Option("--profile", "-p", metavar="NAME", help="Search again with this profile, storing nothing."),
]
