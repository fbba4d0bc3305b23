"""The clock of the arrivals goes on through sleep, which is how sleep is known."""

from __future__ import annotations

from firmware_interface.transports.clock import SleepWatch, awake, now


def test_the_clocks_never_go_back() -> None:
    for clock in (now, awake):
        times = [clock() for _ in range(100)]
        assert times == sorted(times)
    assert now() >= awake() - 1e-3


def test_sleep_is_what_one_clock_counts_and_the_other_does_not() -> None:
    whole, running = [1000.0], [400.0]
    watch = SleepWatch(lambda: whole[0], lambda: running[0])
    assert watch.slept() == 0.0
    whole[0] += 60
    running[0] += 60
    assert watch.slept() == 0.0
    whole[0] += 600
    running[0] += 1
    assert watch.slept() == 599.0
    assert watch.slept() == 0.0


def test_small_differences_add_up_to_no_sleep_each() -> None:
    whole, running = [0.0], [0.0]
    watch = SleepWatch(lambda: whole[0], lambda: running[0])
    slept = []
    for _ in range(4):
        whole[0] += 0.4
        slept.append(watch.slept())
    assert sum(slept) == 1.2000000000000002
