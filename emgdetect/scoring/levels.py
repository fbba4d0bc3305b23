"""How large the signal of a chin was, second by second: what the atonia index is counted from.

The mean of the rectified signal in µV after a band-pass of 10 to 100 Hz and the removal of mains hum, as
Ferri et al. (2008, J Sleep Res 17:89) prepared it (band from memory). The stages that prepare it are those
of the detection with another band, so that gaps, starts and hum are met in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sequences import rule_set

if TYPE_CHECKING:
    from emgdetect.recording import Stream
    from emgdetect.sequences import Context
    from emgdetect.types import FloatArray

LOW_HZ, HIGH_HZ = 10.0, 100.0
"""The band; lower where the rate allows no more."""

LEAST_SHARE = 0.5
"""A second counts when so much of it was recorded and had settled."""

PIECE_S = 60.0
"""Read at a time."""


def levels_of(stream: Stream, context: Context) -> dict[str, FloatArray]:
    """Return the levels of the channels that the atonia index is asked of.

    Parameters
    ----------
    stream : Stream
        The samples.
    context : Context
        Tells which channels are on a chin and in µV, and whether there is REM sleep at all.

    Returns
    -------
    dict of str to ndarray
        By channel, the level of each whole second from 0 on in µV, shape ``(n,)``, NaN where there is none.
        Empty without REM sleep or such a channel; then no sample is read.
    """
    if not any(stage == "R" for _, _, stage in context.stages or ()):
        return {}
    wanted = [
        site.channel
        for site in context.sites
        if site.region in rule_set("atonia").needs.regions
        and site.unit == "uV"
        and site.channel in stream.info.ch_names
    ]
    return {name: mean_rectified(stream, name) for name in wanted}


def mean_rectified(stream: Stream, channel: str) -> FloatArray:
    """Return the mean of the rectified signal of one channel in each whole second, NaN where there is none.

    Parameters
    ----------
    stream : Stream
        The samples; a minute of them is in memory at a time.
    channel : str
        One of its channels.

    Returns
    -------
    ndarray of float64, shape ``(floor(seconds),)``
        In the channel's unit.
    """
    from emgdetect.conditioning.chain import Conditioner
    from emgdetect.conditioning.grid import Grid
    from emgdetect.config import Band

    rate = stream.info.sampling_rate
    row = stream.info.ch_names.index(channel)
    grid = Grid.of(rate)
    endless = (-np.inf, np.inf)
    band = Band(low=LOW_HZ, high=HIGH_HZ)
    conditioner = Conditioner(band, stream.info.channels[row].unit, grid, rails=endless, step=0.0)
    n_seconds = int(stream.n_samples / rate + 1e-9)
    sums, counts = np.zeros(n_seconds), np.zeros(n_seconds)
    size = max(1, round(PIECE_S * rate / grid.raw_per_hop)) * grid.raw_per_hop
    for start in range(0, stream.n_samples, size):
        # A last piece is filled up with what is missing to whole hops.
        found = conditioner.process(stream.window(start, start + size)[row])
        values = np.abs(found.samples[np.repeat(found.usable, grid.frame)])
        places = np.flatnonzero(np.repeat(found.usable, grid.frame)) + start // grid.decimation
        seconds = (places / grid.working_rate).astype(np.int64)
        inside = seconds < n_seconds
        sums += np.bincount(seconds[inside], values[inside], minlength=n_seconds)
        counts += np.bincount(seconds[inside], minlength=n_seconds)
    enough = counts >= LEAST_SHARE * grid.working_rate
    return np.where(enough, sums / np.maximum(counts, 1), np.nan)
