"""Programs from outside Python that some tests need, fetched from Debian where that is possible.

To add one: a line in :data:`NEEDS`. Tests skip, and say why, where something is missing, except where the
variable ``CI`` is set.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


@dataclass(frozen=True, slots=True)
class Need:
    """What some tests need: commands on the path, files by their names, and the packages that have them."""

    purpose: str
    packages: tuple[str, ...]
    commands: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether nothing is missing."""
        return all(map(shutil.which, self.commands)) and all(Path(file).exists() for file in self.files)


NEEDS = (
    Need(
        "the boards' firmware, and the simulated board",
        packages=(
            "gcc", "g++", "libc6-dev", "pkg-config", "gcc-avr", "avr-libc", "arduino-core-avr",
            "simavr", "libsimavr-dev", "libsimavrparts1", "libelf-dev",
        ),
        commands=("gcc", "g++", "pkg-config", "avr-gcc", "avr-g++"),
        files=(
            "/usr/share/arduino/hardware/arduino/avr/cores/arduino/Arduino.h",
            "/usr/include/simavr/sim_avr.h",
            "/usr/include/libelf.h",
            "/usr/lib/avr/include/avr/io.h",
        ),
    ),
    Need("Bluetooth on Linux, with a service made up", packages=("dbus-daemon",), commands=("dbus-daemon",)),
)  # fmt: skip


def install_missing() -> None:
    """Install what is missing, quietly, where this is Debian and we may; else say what to install."""
    missing = [need for need in NEEDS if not need.is_there]
    if not missing:
        return
    packages = [package for need in missing for package in need.packages]
    if _may_install() and _install(packages):
        return
    for need in missing:
        print(f"Tests of {need.purpose} are left out. They need (names of Debian): {' '.join(need.packages)}")


def _may_install() -> bool:
    return shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def _install(packages: list[str]) -> bool:
    print(f"Installing from Debian: {' '.join(packages)} ...", flush=True)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, **QUIET}
        )
        if done.returncode and command is install:
            print("  ".join(["apt-get could not:", *done.stderr.strip().splitlines()[-3:]]), flush=True)
            return False
    return True
