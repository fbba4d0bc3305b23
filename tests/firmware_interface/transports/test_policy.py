"""A link is never given up, never hammered, and never said to be up when nothing comes."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from emgdetect.errors import DeviceError
from firmware_interface.link import LinkDown, LinkUp
from firmware_interface.transports.policy import Patience, Reconnect, Trouble

if TYPE_CHECKING:
    from firmware_interface.link import Down
    from firmware_interface.transports.policy import State

PATIENCE = Patience()


def fresh(**kwargs: float) -> tuple[Reconnect, list[LinkUp | LinkDown]]:
    told: list[LinkUp | LinkDown] = []
    policy = Reconnect(Patience(**kwargs), told.append, draw=lambda: 0.0)
    policy.begin(0.0)
    return policy, told


def state(policy: Reconnect) -> State:
    return policy.state


def bring_up(policy: Reconnect, now: float) -> None:
    if state(policy) == "waiting":
        policy.tick(policy.deadline)
    policy.found(now, "Toy (C4:…)")
    policy.connected(now)
    policy.started(now)


def stream(policy: Reconnect, start: float, stop: float) -> None:
    for second in range(int(start), int(stop) + 1):
        policy.received(second)
        policy.tick(second)


def test_the_way_to_a_link() -> None:
    policy, told = fresh()
    assert (state(policy), policy.deadline) == ("looking", 10.0)
    policy.found(1.0, "Toy (C4:…)")
    policy.connected(2.0)
    assert state(policy) == "starting"
    policy.started(4.0, since=2.5)
    assert state(policy) == "streaming"
    assert told == [LinkUp(2.5, "Toy (C4:…)")]
    policy.close(9.0)
    policy.close(10.0)
    assert told[1:] == [LinkDown(9.0, "closed")]


def test_a_link_that_brings_nothing_is_dead_after_its_patience() -> None:
    policy, told = fresh(first=10.0, silent=5.0)
    bring_up(policy, 1.0)
    policy.tick(10.9)
    assert state(policy) == "streaming"
    policy.tick(11.0)
    assert state(policy) == "waiting"
    assert isinstance(told[-1], LinkDown)
    assert told[-1].cause == "silent"


def test_bytes_keep_it_alive_and_boot_text_does_not_shorten_its_patience() -> None:
    policy, _ = fresh(first=10.0, silent=5.0)
    bring_up(policy, 0.0)
    policy.received(1.0)
    policy.tick(9.9)
    assert state(policy) == "streaming"
    for second in range(10, 30):
        policy.received(second)
    policy.tick(33.9)
    assert state(policy) == "streaming"
    policy.tick(34.0)
    assert state(policy) == "waiting"


def test_waits_double_up_to_the_bound_and_start_anew_after_a_healthy_minute() -> None:
    policy, _ = fresh()
    waits = []
    now = 0.0
    for _ in range(9):
        policy.failed(now, Trouble(DeviceError("nothing there")))
        waits.append(policy.deadline - now)
        now = policy.deadline
        policy.tick(now)
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0, 20.0]
    bring_up(policy, now)
    stream(policy, now, now + 30)
    policy.lost(now + 31, "disconnect")
    assert policy.deadline == now + 31 + 20.0
    now = policy.deadline
    bring_up(policy, now)
    stream(policy, now, now + 61)
    policy.lost(now + 62, "disconnect")
    assert policy.deadline == now + 62 + 0.5


def test_a_sensor_out_of_range_for_hours_costs_no_flood_of_looks_and_is_found_at_once() -> None:
    policy, told = fresh()
    bring_up(policy, 0.0)
    policy.lost(10.0, "disconnect", "out of range")
    looks = 0
    now = 10.0
    while now < 4 * 3600:
        before = state(policy)
        now = policy.deadline
        policy.tick(now)
        looks += before == "waiting"
    assert 400 < looks < 1500
    assert len(told) == 3, "the loss is told once, and once that it cannot be seen"


@pytest.mark.parametrize("up_first", [False, True])
def test_what_no_waiting_mends_ends_it_only_before_the_first_link(*, up_first: bool) -> None:
    policy, told = fresh()
    error = DeviceError("the Bluetooth adapter is off", hint="switch it on")
    if up_first:
        bring_up(policy, 0.0)
        policy.lost(5.0, "disconnect")
        policy.tick(policy.deadline)
    policy.failed(policy.deadline, Trouble(error, mends=False))
    if up_first:
        assert policy.fatal is None
        assert state(policy) == "waiting"
        assert told[-1] == LinkDown(told[-1].time, "disconnect", str(error))
    else:
        assert policy.fatal is error
        assert state(policy) == "closed"
        assert told == []


def test_the_same_news_is_told_once_an_outage() -> None:
    policy, told = fresh()
    for outage in range(2):
        for _ in range(5):
            for text in ("nothing there", "it does not answer"):
                policy.failed(policy.deadline, Trouble(DeviceError(text)))
                policy.tick(policy.deadline)
        bring_up(policy, policy.deadline)
        if not outage:
            policy.lost(policy.deadline, "silent", "quiet")
            policy.tick(policy.deadline)
    downs = [each for each in told if isinstance(each, LinkDown)]
    assert [each.detail for each in downs] == [
        "nothing there", "it does not answer", "quiet", "nothing there", "it does not answer",
    ]  # fmt: skip
    assert [each.cause for each in downs] == ["disconnect"] * 2 + ["silent"] * 3


def test_sleep_ends_a_link_and_every_wait() -> None:
    policy, told = fresh()
    bring_up(policy, 0.0)
    policy.slept(1000.0, 990.0)
    assert state(policy) == "looking"
    assert told[-1] == LinkDown(1000.0, "sleep", "the computer slept for 990 s")
    for _ in range(8):
        policy.failed(1001.0, Trouble(DeviceError("away")))
        if state(policy) == "waiting":
            policy.slept(2000.0, 900.0)
            assert state(policy) == "looking"
    assert policy.deadline == 2010.0


def test_late_news_of_an_old_link_changes_nothing() -> None:
    policy, told = fresh()
    bring_up(policy, 0.0)
    policy.lost(1.0, "disconnect")
    before, deadline, n_told = state(policy), policy.deadline, len(told)
    policy.lost(1.1, "disconnect")
    policy.received(1.2)
    policy.failed(1.2, Trouble(DeviceError("late"), mends=False))
    assert (state(policy), policy.deadline, len(told)) == (before, deadline, n_told)


def test_steps_out_of_order_are_a_mistake_of_ours() -> None:
    policy, _ = fresh()
    with pytest.raises(RuntimeError, match="looking"):
        policy.started(1.0)


class Nights(RuleBasedStateMachine):
    """Anything may happen at any time; what must hold, holds after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.told: list[LinkUp | LinkDown] = []
        self.chance = 0.0
        self.policy = Reconnect(PATIENCE, self.told.append, draw=lambda: self.chance)
        self.waiting_since = 0.0

    @initialize()
    def begin(self) -> None:
        self.policy.begin(self.now)

    @rule(seconds=st.floats(0, 100), chance=st.floats(0, 1))
    def time_passes(self, seconds: float, chance: float) -> None:
        self.chance = chance
        self.now += seconds
        self.policy.tick(self.now)

    @precondition(lambda self: self.policy.state == "looking")
    @rule()
    def found(self) -> None:
        self.policy.found(self.now, "here")

    @precondition(lambda self: self.policy.state == "connecting")
    @rule()
    def connected(self) -> None:
        self.policy.connected(self.now)

    @precondition(lambda self: self.policy.state == "starting")
    @rule()
    def started(self) -> None:
        self.policy.started(self.now)

    @rule()
    def received(self) -> None:
        self.policy.received(self.now)

    @rule(cause=st.sampled_from(["disconnect", "unplugged"]))
    def lost(self, cause: Down) -> None:
        self.policy.lost(self.now, cause, "gone")

    @rule(text=st.sampled_from(["a", "b", "c"]), mends=st.booleans())
    def failed(self, text: str, *, mends: bool) -> None:
        was_up = self.policy.ever_up
        self.policy.failed(self.now, Trouble(DeviceError(text), mends=mends))
        assert not (was_up and self.policy.fatal)

    @rule(seconds=st.floats(1, 1000))
    def slept(self, seconds: float) -> None:
        self.now += seconds
        self.policy.slept(self.now, seconds)

    @invariant()
    def it_is_never_stuck(self) -> None:
        if self.policy.state in {"idle", "closed"}:
            return
        assert math.isfinite(self.policy.deadline)
        longest = max(PATIENCE.look, PATIENCE.connect, PATIENCE.start, PATIENCE.first, PATIENCE.latest)
        assert self.policy.deadline <= self.now + longest

    @invariant()
    def it_waits_neither_too_long_nor_not_at_all(self) -> None:
        if self.policy.state == "waiting":
            assert self.policy.deadline <= self.now + PATIENCE.latest

    @invariant()
    def ups_and_downs_alternate_and_causes_last_an_outage(self) -> None:
        for before, after in pairwise(self.told):
            assert before.time <= after.time
            if isinstance(after, LinkUp):
                assert isinstance(before, LinkDown)
            elif isinstance(before, LinkDown):
                assert (before.cause, before.detail) != (after.cause, after.detail)
                assert before.cause == after.cause
        assert (self.policy.state == "streaming") == (bool(self.told) and isinstance(self.told[-1], LinkUp))


Nights.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestNights = Nights.TestCase
