"""What all links with a thread have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emgdetect.errors import DeviceError, MissingExtraError
from firmware_interface.link import LinkDown, LinkUp
from firmware_interface.transports.keeping import BlockingLink
from firmware_interface.transports.policy import Patience, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.firmware_interface.transports.conftest import Watch

QUICK = Patience(soonest=0.01, latest=0.02, first=60.0, silent=60.0)


class Scripted(BlockingLink):
    """Does in its attempts what a test says, one after the other."""

    def __init__(self, *attempts: Callable[[Scripted], None]) -> None:
        super().__init__("scripted", QUICK)
        self._attempts = list(attempts)

    def _require(self) -> None: ...

    def _attempt(self) -> None:
        self._attempts.pop(0)(self)

    def come_up(self) -> None:
        self._policy.found(self.now(), "here")
        self._policy.connected(self.now())
        self._started()

    def stay(self) -> None:
        self.come_up()
        while self._is_up:
            self._closing.wait(0.01)

    def lose(self) -> None:
        self.come_up()
        self._policy.lost(self.now(), "disconnect", "pulled")

    def fail(self) -> None:
        self._policy.failed(self.now(), Trouble(DeviceError("no adapter"), mends=False))

    def crash(self) -> None:
        raise ZeroDivisionError("a mistake of ours")


def test_trouble_at_the_start_is_an_error_and_later_it_is_news(watch: Watch) -> None:
    hopeless = Scripted(Scripted.fail)
    hopeless.open()
    with pytest.raises(DeviceError, match="no adapter"):
        watch.until(hopeless, lambda _: False)
    link = Scripted(Scripted.lose, Scripted.fail, Scripted.fail, Scripted.stay)
    link.open()
    arrivals = watch.until(link, lambda got: len(watch.ups(got)) == 2)
    assert [each.detail for each in arrivals if isinstance(each, LinkUp | LinkDown)] == [
        "here", "pulled", "no adapter", "here",
    ]  # fmt: skip
    link.close()
    assert [each.cause for each in watch.downs(link.read(0))] == ["closed"]


def test_a_mistake_of_ours_does_not_look_like_a_silent_sensor(watch: Watch) -> None:
    link = Scripted(Scripted.lose, Scripted.crash)
    link.open()
    with pytest.raises(DeviceError, match="ZeroDivisionError"):
        watch.until(link, lambda _: False)
    link.close()


def test_a_computer_that_slept_is_told_and_the_link_made_anew(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = Scripted(Scripted.stay, Scripted.stay)
    link.open()
    watch.until(link, watch.ups)
    naps = [45.0]
    monkeypatch.setattr(link._sleeps, "slept", lambda: naps.pop() if naps else 0.0)
    arrivals = watch.until(link, watch.ups)
    assert [(each.cause, each.detail) for each in watch.downs(arrivals)] == [
        ("sleep", "the computer slept for 45 s")
    ]
    link.close()


def test_a_library_that_is_missing_is_an_error_on_opening() -> None:
    class Missing(Scripted):
        def _require(self) -> None:
            raise MissingExtraError("bleak", extra="ble", purpose="a Bluetooth sensor")

    link = Missing()
    with pytest.raises(MissingExtraError):
        link.open()
    link.close()
    assert link.read(0) == []
