"""Random numbers that depend on what they are for and never on when they are asked for."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Part(IntEnum):
    """What a stream of random numbers is for: the first word of its key."""

    EVENTS = 1
    MUSCLE = 2
    NOISE = 3
    TONIC_NOISE = 4
    TONIC_UNITS = 5
    TONIC_LEVEL = 6
    NOISE_LEVEL = 7
    MAINS = 8
    HEART = 9
    BASELINE = 10
    TRAPS = 11
    TRAP_SHAPE = 12
    GLITCH = 13


def generator(seed: int, part: Part, *key: int) -> np.random.Generator:
    """Give the generator of one part of one simulation.

    Parameters
    ----------
    seed : int
        Seed of the simulation, 0 or more.
    part : Part
        What the numbers are for.
    *key : int
        Channel, block, event number: each combination has its own independent numbers.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(int(part), *key))
    return np.random.Generator(np.random.PCG64(sequence))


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number between two positive bounds, every octave equally likely."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))
