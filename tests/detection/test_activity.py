"""Hits and islands against a frame-by-frame reading of pictures: ``#`` is above the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.detection.activity import Hits, Island, Islands, find_hits

if TYPE_CHECKING:
    from collections.abc import Iterator


def above(picture: str) -> np.ndarray:
    return np.array([[mark == "#" for mark in row] for row in picture.split("|")])


def pairs(hits: Hits) -> list[tuple[int, int]]:
    return list(zip(hits.start.tolist(), hits.stop.tolist(), strict=True))


def numbers(picture: str) -> np.ndarray:
    return np.arange(picture.count("|") + 1)


def naive_hits(picture: str, blocks: list[int], length: int) -> list[tuple[int, int]]:
    found = []
    row_size = picture.index("|") if "|" in picture else len(picture)
    for number, row in zip(blocks, picture.split("|"), strict=True):
        run = 0
        for column, mark in enumerate(row + "."):
            if mark == "#":
                run += 1
            elif run:
                stop = number * row_size + column
                found.append((max(stop - run - (length - 1), 0), stop))
                run = 0
    return found


@pytest.mark.parametrize(
    ("picture", "length", "expected"),
    [
        ("......", 1, []),
        ("..##.#", 1, [(2, 4), (5, 6)]),
        ("######", 1, [(0, 6)]),
        ("#....#", 1, [(0, 1), (5, 6)]),
        ("...##.", 3, [(1, 5)]),
        ("#.....", 4, [(0, 1)]),
        ("..##|##..", 1, [(2, 4), (4, 6)]),
        ("....|....", 1, []),
    ],
)
def test_hits_by_hand(picture: str, length: int, expected: list[tuple[int, int]]) -> None:
    assert pairs(find_hits(above(picture), numbers(picture), length)) == expected


ROWS = st.integers(1, 8).flatmap(
    lambda size: st.lists(st.text("#.", min_size=size, max_size=size), min_size=1, max_size=6)
)


@given(ROWS, st.data(), st.sampled_from([1, 2, 4, 16]))
def test_hits_are_those_of_a_plain_loop(rows: list[str], data: st.DataObject, length: int) -> None:
    picture = "|".join(rows)
    chosen = st.lists(st.integers(0, 50), min_size=len(rows), max_size=len(rows), unique=True)
    blocks = sorted(data.draw(chosen))
    assert pairs(find_hits(above(picture), np.array(blocks), length)) == naive_hits(picture, blocks, length)


def naive_islands(hits: list[tuple[int, int]], pad: int) -> list[tuple[int, int]]:
    """Join hits that are not more than two pads apart, and put a pad on either side."""
    groups: list[list[int]] = []
    for start, stop in sorted(hits):
        if groups and start - groups[-1][1] <= 2 * pad:
            groups[-1][1] = max(groups[-1][1], stop)
        else:
            groups.append([start, stop])
    islands = []
    end = 0
    for start, stop in groups:
        islands.append((max(start - pad, end), stop + pad))
        end = stop + pad
    return islands


HIT_LISTS = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 15)), max_size=25).map(
    lambda drawn: [(start, start + size) for start, size in drawn]
)


def as_hits(pieces: list[tuple[int, int]]) -> Hits:
    return Hits(
        np.array([start for start, _ in pieces], np.int64), np.array([stop for _, stop in pieces], np.int64)
    )


def add_in_turn(islands: Islands, hits: list[tuple[int, int]], times: list[int]) -> Iterator[int]:
    """Add the hits that start before each time in turn, and yield that time."""
    done = 0
    for settled in [*sorted(times), 1000]:
        islands.add([as_hits(sorted(hit for hit in hits if done <= hit[0] < settled))])
        done = settled
        yield settled


@settings(max_examples=150, deadline=None)
@given(HIT_LISTS, st.integers(0, 12), st.lists(st.integers(0, 450), max_size=8))
def test_islands_are_those_of_a_plain_loop_however_they_come(
    hits: list[tuple[int, int]], pad: int, times: list[int]
) -> None:
    islands = Islands(pad, longest=10_000)
    found: list[Island] = []
    for settled in add_in_turn(islands, hits, times):
        found += islands.closed(settled)
        needed = islands.needed_from(settled)
        assert needed <= settled
        assert all(needed <= max(start - pad, 0) for start, stop in hits if start >= settled)
    assert [(island.start, island.stop) for island in found] == naive_islands(hits, pad)


@settings(max_examples=100, deadline=None)
@given(HIT_LISTS, st.lists(st.integers(0, 450), max_size=8))
def test_a_long_island_is_cut_at_the_same_frames_however_it_comes(
    hits: list[tuple[int, int]], times: list[int]
) -> None:
    def run(moments: list[int]) -> list[Island]:
        islands = Islands(3, longest=60)
        turns = add_in_turn(islands, hits, moments)
        return [island for settled in turns for island in islands.closed(settled)]

    at_once = run([])
    assert run(times) == at_once
    covered = [frame for island in at_once for frame in range(island.start, island.stop)]
    assert len(covered) == len(set(covered)), "islands do not overlap"
    assert {frame for start, stop in hits for frame in range(start, stop)} <= set(covered)
    # A hit that began in time may run on; none is 60 frames long.
    assert all(island.stop - island.start <= 60 + 15 + 6 for island in at_once)
