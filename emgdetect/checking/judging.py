"""From what was measured to pass or fail, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.checking.findings import Finding
from emgdetect.checking.limits import LIMITS
from emgdetect.checking.seconds import MAINS_HZ

if TYPE_CHECKING:
    from emgdetect.checking.findings import StreamFacts
    from emgdetect.checking.limits import Limits
    from emgdetect.checking.seconds import Seconds
    from emgdetect.types import Channel, FloatArray

_QUIET = 0.25
"""The noise floor is this quantile of the seconds: twitches and talk in the others do not raise it."""

_SLIGHT_HUM = 0.25
"""Noise alone looks like so much hum in five seconds; by itself it says nothing."""

_WORDS = {"uV": "µV", "adc": "counts", "envelope": "counts"}


@dataclass(frozen=True, slots=True)
class Levels:
    """What a channel's seconds come to: RMS values in its unit, and parts of time.

    ``rest`` and ``tense`` are those of :class:`~emgdetect.calibration.Calibration`, NaN if unknown; ``mains``
    is 50 or 60 (NaN if the rate is too low to tell) and ``hum`` the RMS of that hum.
    """

    rest: float
    tense: float
    mains: float
    hum: float
    clipped: float
    flat: float


def levels_of(rest: Seconds, tense: Seconds | None, channel: Channel) -> Levels:
    """Sum up the seconds at rest, and those in which the muscle was tensed."""
    all_seconds = [rest] if tense is None else [rest, tense]
    mains, hum = _hum(rest)
    floor, swing = _activity(rest, tense, channel)
    return Levels(
        rest=floor,
        tense=swing,
        mains=mains,
        hum=hum,
        clipped=max((float(one.clipped.mean()) for one in all_seconds if len(one.clipped)), default=0.0),
        flat=float(np.concatenate([one.flat for one in all_seconds]).mean() if len(rest.flat) else 0.0),
    )


def judge_stream(facts: StreamFacts, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Judge rate and losses."""
    return _rate(facts, limits), _loss(facts, limits)


def judge_channel(
    channel: Channel, levels: Levels, *, loose: bool = False, limits: Limits = LIMITS
) -> tuple[Finding, ...]:
    """Judge one channel; ``loose`` is whether the device itself said that an electrode was off."""
    return (
        _mains(channel, levels, limits),
        _floor(channel, levels, limits),
        _clipping(levels, limits),
        _flat(levels, limits),
        _contact(channel, levels, limits, loose=loose),
        _swing(levels, limits),
    )


def _hum(rest: Seconds) -> tuple[float, float]:
    """Return the stronger of the two mains frequencies and its RMS."""
    # The median: a twitch in one second has power at those frequencies, too, and hum is there in all.
    powers = [_quantile(row, 0.5) for row in rest.hum]
    known = [(power, base) for power, base in zip(powers, MAINS_HZ, strict=True) if not math.isnan(power)]
    if not known:
        return math.nan, math.nan
    power, base = max(known)
    return base, math.sqrt(max(power, 0.0))


def _activity(rest: Seconds, tense: Seconds | None, channel: Channel) -> tuple[float, float]:
    if channel.unit != "envelope":
        floor = math.sqrt(_quantile(rest.noise, _QUIET))
        return floor, math.nan if tense is None else math.sqrt(_loud(tense.noise))
    scatter = math.sqrt(_quantile(rest.scatter, _QUIET))
    rise = math.nan if tense is None else max(_loud(tense.mean) - _quantile(rest.mean, _QUIET), 0.0)
    return scatter, rise


def _loud(values: FloatArray) -> float:
    """Return the middle of the louder half: nobody tenses at once, and a pop is not a muscle."""
    known = np.sort(values[~np.isnan(values)])
    return float(np.median(known[len(known) // 2 :])) if len(known) else math.nan


def _quantile(values: FloatArray, part: float) -> float:
    known = values[~np.isnan(values)]
    return float(np.quantile(known, part)) if len(known) else math.nan


def _rate(facts: StreamFacts, limits: Limits) -> Finding:
    claimed, measured = facts.claimed_rate, facts.measured_rate
    if math.isnan(measured):
        return Finding("rate", "unknown", claimed, "Hz", f"{claimed:.6g} Hz, nobody measured it")
    if math.isnan(claimed):
        return Finding("rate", "pass", measured, "Hz", f"{measured:.6g} Hz, the sensor claims none")
    off = measured / claimed - 1
    text = f"{measured:.5g} Hz, claimed {claimed:.6g} Hz"
    if abs(off) <= limits.rate:
        return Finding("rate", "pass", measured, "Hz", text)
    advice = (
        "the recorder will use the true rate; if samples should come faster, look for a slow link, "
        "or set --option rate=... if the sensor has it"
    )
    return Finding("rate", "fail", measured, "Hz", f"{text}: {off:+.1%}", advice)


def _loss(facts: StreamFacts, limits: Limits) -> Finding:
    total = facts.n_samples + facts.n_lost
    lost = facts.n_lost / total if total else 1.0
    if facts.drops:
        advice = "bring the sensor closer, charge its battery, or try another cable"
        text = f"the link broke {_times(facts.drops)}, {lost:.1%} lost"
        return Finding("loss", "fail", 100 * lost, "%", text, advice)
    if lost > limits.lost:
        advice = "bring sensor and computer closer together, away from other radios; or use a cable"
        return Finding("loss", "fail", 100 * lost, "%", f"{lost:.1%} of the samples never arrived", advice)
    if facts.losses_seen == "nothing":
        text = "this sensor does not count its samples, so lost ones are not seen"
        return Finding("loss", "unknown", math.nan, "%", text)
    text = f"{lost:.2%} lost" if facts.n_lost else f"none of {facts.n_samples:,} samples"
    return Finding("loss", "pass", 100 * lost, "%", text)


def _mains(channel: Channel, levels: Levels, limits: Limits) -> Finding:
    if channel.unit == "envelope":
        return Finding("mains", "unknown", math.nan, "", "an envelope does not show it")
    if math.isnan(levels.mains):
        return Finding("mains", "unknown", math.nan, "", "the rate is too low to tell")
    word = _WORDS[channel.unit]
    whole = math.hypot(levels.hum, levels.rest)
    share = levels.hum / whole if whole else 0.0
    text = f"{levels.mains:.0f} Hz hum is {share:.0%} of the signal at rest ({levels.hum:.3g} {word} RMS)"
    text = text if share > _SLIGHT_HUM else "none to speak of"
    harmless = max(limits.hum_uv if channel.unit == "uV" else 0.0, abs(channel.gain))
    if levels.hum <= harmless and share > limits.hum:
        text += ", too weak to matter"
    if share <= limits.hum or levels.hum <= harmless:
        return Finding("mains", "pass", levels.hum, word, text)
    advice = (
        "move the charger and other mains cables away, run the computer from its battery, clean the skin "
        "under the electrodes and press them on"
    )
    return Finding("mains", "fail", levels.hum, word, text, advice)


def _floor(channel: Channel, levels: Levels, limits: Limits) -> Finding:
    word = _WORDS[channel.unit]
    if math.isnan(levels.rest):
        return Finding("floor", "fail", math.nan, word, "too few samples to tell", "mend the losses first")
    text = f"{levels.rest:.3g} {word} RMS at rest"
    if channel.unit != "uV":
        return Finding("floor", "unknown", levels.rest, word, f"{text}; without µV there is no limit")
    limit = max(limits.floor_uv, 1.5 * abs(channel.gain))
    if levels.rest <= limit:
        return Finding("floor", "pass", levels.rest, word, text)
    advice = "relax the muscle and check anew; clean the skin, use fresh electrodes, fix the cables"
    return Finding("floor", "fail", levels.rest, word, f"{text}, more than {limit:.3g}", advice)


def _clipping(levels: Levels, limits: Limits) -> Finding:
    share = levels.clipped
    if share <= limits.clipped:
        text = f"{share:.2%} of the samples at the rails" if share else "none"
        return Finding("clipping", "pass", 100 * share, "%", text)
    advice = "turn the gain down, check the supply voltage, and press the electrodes on"
    return Finding("clipping", "fail", 100 * share, "%", f"{share:.0%} of the samples at the rails", advice)


def _flat(levels: Levels, limits: Limits) -> Finding:
    share = levels.flat
    if share <= limits.flat:
        return Finding("flat", "pass", 100 * share, "%", "no" if not share else f"{share:.1%} of the time")
    advice = "check the wire from the sensor to the board, its supply, and the pin the sketch reads"
    text = f"the signal does not move {share:.0%} of the time"
    return Finding("flat", "fail", 100 * share, "%", text, advice)


def _contact(channel: Channel, levels: Levels, limits: Limits, *, loose: bool) -> Finding:
    advice = "press the electrodes on, use fresh ones on clean dry skin, and check the reference electrode"
    if loose:
        return Finding("contact", "fail", math.nan, "", "the sensor says an electrode is off", advice)
    if channel.unit == "envelope":
        return Finding("contact", "unknown", math.nan, "", "an envelope does not show it")
    if levels.hum > limits.loose_hum * levels.rest and levels.hum > abs(channel.gain):
        text = "looks loose: hum drowns everything else"
        return Finding("contact", "fail", math.nan, "", text, advice)
    if channel.unit == "uV" and levels.rest > max(limits.loose_uv, 3 * abs(channel.gain)):
        text = f"looks loose: {levels.rest:.3g} µV at rest is not from skin"
        return Finding("contact", "fail", math.nan, "", text, advice)
    return Finding("contact", "pass", math.nan, "", "nothing points to a loose electrode")


def _swing(levels: Levels, limits: Limits) -> Finding:
    if math.isnan(levels.tense) or math.isnan(levels.rest):
        return Finding("swing", "unknown", math.nan, "dB", "nobody was asked to tense the muscle")
    swing = _decibels(levels.tense, levels.rest)
    text = f"{swing:.0f} dB above rest when tensed"
    if swing >= limits.swing_db:
        return Finding("swing", "pass", swing, "dB", text)
    advice = (
        "place both electrodes along the thickest part of the muscle, the reference on bone; relax fully, "
        "then tense hard, and check anew"
    )
    return Finding("swing", "fail", swing, "dB", f"{text}, less than {limits.swing_db:.0f}", advice)


def _decibels(level: float, floor: float) -> float:
    """Return how far a level stands above a floor; a floor of zero is passed without end by anything."""
    if level <= floor:
        # Not below: by how much a muscle falls short of its own rest is chance.
        return 0.0
    return math.inf if floor == 0 else 20 * math.log10(level / floor)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
