"""Where pass ends and fail begins; each number with its source, or marked as ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel and its stream have to keep to.

    Parameters
    ----------
    rate : float
        How far the true rate may be off the claimed one, relative. What the recorder takes as right, too.
    lost : float
        Part of the samples that may be missing. Ours: it costs as much of the night.
    hum : float
        Part of the resting signal's RMS that mains may be. Ours: below, the canceller leaves nothing of it.
    hum_uv : float
        Hum below so many µV RMS is let pass whatever the rest: a sine of 10 µV from peak to peak, the most
        that the AASM's manual allows a relaxed leg. Below one step of the converter it passes as well.
    floor_uv : float
        Most noise at rest, in µV RMS. MATPLM stops scoring leg movements above 15 µV, S-PLMAD above 30 to 50.
        One and a half steps of the converter are always allowed: its rounding alone may take turns of one.
    clipped : float
        Part of the samples that may stand at the rails; that of the shipped profiles.
    flat : float
        Part of the seconds that may be flat. Ours.
    loose_hum : float
        Hum so many times the noise floor comes from an electrode in the air. Ours.
    loose_uv : float
        Noise so high, in µV RMS, does as well. Ours: skin and amplifiers make a tenth of it.
    swing_db : float
        Least level of a tensed muscle above rest. Ours, after docs/accuracy: of events 15 dB above their
        background nearly all are found, at 10 dB some are missed; and a muscle tensed at will is strong.
    """

    rate: float = 0.02
    lost: float = 0.01
    hum: float = 0.5
    hum_uv: float = 3.5
    floor_uv: float = 15.0
    clipped: float = 0.01
    flat: float = 0.01
    loose_hum: float = 10.0
    loose_uv: float = 150.0
    swing_db: float = 15.0


LIMITS = Limits()
