"""The boards' firmware: its plain C on this computer, and whole sketches on a simulated Arduino Uno."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HERE = Path(__file__).parent
LIBRARY = Path(__file__).parents[3] / "firmware_interface" / "firmware" / "emgdetect_wire"
EXAMPLES = LIBRARY / "examples"
CORE = Path("/usr/share/arduino/hardware/arduino/avr")
RING_VALUES = 16
STRICT = ("-Wall", "-Wextra", "-Werror")
AVR = (
    "-mmcu=atmega328p", "-DF_CPU=16000000UL", "-DARDUINO=10819", "-DARDUINO_AVR_UNO", "-DARDUINO_ARCH_AVR",
    # gcc-avr 5.4 has this one under its reserved name only.
    "-DDECIMAL_DIG=__DECIMAL_DIG__",
    "-Os", "-ffunction-sections", "-fdata-sections", "-fno-exceptions", "-fno-threadsafe-statics",
    f"-I{CORE / 'cores/arduino'}", f"-I{CORE / 'variants/standard'}", f"-I{LIBRARY / 'src'}",
)  # fmt: skip
FAST = 0.0
REAL_TIME = 1.0


def require(*needed: str | Path) -> None:
    """Skip where a command or a file is missing; where everything has to run, fail."""
    missing = [
        str(each) for each in needed if not (each.exists() if isinstance(each, Path) else shutil.which(each))
    ]
    if missing and os.environ.get("CI"):
        pytest.fail(f"missing: {', '.join(missing)}")
    if missing:
        pytest.skip(f"needs {', '.join(missing)} (python3 scripts/test.py says which packages have them)")


def run(*command: str | Path) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command[0]} failed:\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def firmware_code(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """The plain C that all sketches share, compiled strictly for this computer."""
    require("gcc")
    target = tmp_path_factory.mktemp("host") / "host_board.so"
    sources = [HERE / "host_board.c", *sorted((LIBRARY / "src").glob("*.c"))]
    flags = [*STRICT, "-std=c99", "-pedantic", "-O1", "-shared", "-fPIC", f"-DEMGD_RING_VALUES={RING_VALUES}"]
    run("gcc", *flags, f"-I{LIBRARY / 'src'}", *sources, "-o", target)
    code = ctypes.CDLL(str(target))
    code.host_light.restype = ctypes.c_bool
    code.host_ring_take.restype = ctypes.c_bool
    code.host_ring_overruns.restype = ctypes.c_uint16
    code.host_tag.restype = ctypes.c_uint16
    code.host_crc.restype = ctypes.c_uint32
    return code


class BuildForComputer(Protocol):
    """Compile an ESP32's sketch for this computer, against stand-ins for its libraries."""

    def __call__(self, *defines: str) -> Path: ...


@pytest.fixture(scope="session")
def build_ble_sketch(tmp_path_factory: pytest.TempPathFactory) -> BuildForComputer:
    require("gcc", "g++")

    @cache
    def build(*defines: str) -> Path:
        folder = tmp_path_factory.mktemp("ble")
        places = [f"-I{HERE / 'stand_ins/esp32'}", f"-I{LIBRARY / 'src'}"]
        for source in (LIBRARY / "src").glob("*.c"):
            run("gcc", *STRICT, "-std=c99", "-fPIC", *places, "-c", source, "-o", folder / f"{source.name}.o")
        sketch = EXAMPLES / "myoware_ble"
        sources = [HERE / "stand_ins/esp32/host_ble.cpp", *sketch.glob("*.cpp"), *sketch.glob("*.ino")]
        flags = [*STRICT, "-std=c++17", "-fPIC", "-shared", *places, *(f"-D{name}" for name in defines)]
        target = folder / "sketch.so"
        # The Arduino program puts this line before a sketch.
        included = ("-include", "Arduino.h", "-x", "c++")
        run("g++", *flags, *included, *sources, "-x", "none", *folder.glob("*.o"), "-o", target)
        return target

    return build


@pytest.fixture
def check_for_uno_r4() -> Callable[[Mapping[str, str]], None]:
    """Compile the serial sketch against stand-ins for the Uno R4's core; there is nothing to run it on."""
    require("g++")

    def check(settings: Mapping[str, str]) -> None:
        sketch = EXAMPLES / "myoware_serial"
        defines = [f"-D{name}={value}" for name, value in settings.items()]
        places = [f"-I{HERE / 'stand_ins/renesas'}", f"-I{LIBRARY / 'src'}"]
        flags = [*STRICT, "-std=gnu++17", "-DARDUINO_ARCH_RENESAS", "-fsyntax-only", *defines, *places]
        for source in (*sketch.glob("*.cpp"), *sketch.glob("*.ino")):
            run("g++", *flags, "-include", "Arduino.h", "-x", "c++", source)

    return check


@pytest.fixture(scope="session")
def arduino_core(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Debian's Arduino core for the Uno, compiled."""
    require("avr-gcc", "avr-g++", CORE / "cores/arduino/Arduino.h")
    folder = tmp_path_factory.mktemp("core")
    objects = []
    for source in sorted((CORE / "cores/arduino").iterdir()):
        if source.suffix in {".c", ".cpp", ".S"}:
            objects.append(folder / f"{source.name}.o")
            compile_avr(source, objects[-1], "-w", "-fpermissive" if source.suffix == ".cpp" else "-w")
    return objects


def compile_avr(source: Path, target: Path, *flags: str) -> None:
    language: tuple[str, ...]
    if source.suffix in {".cpp", ".ino"}:
        language = ("avr-g++", "-std=gnu++11", "-x", "c++")
    elif source.suffix == ".S":
        language = ("avr-gcc", "-x", "assembler-with-cpp")
    else:
        language = ("avr-gcc", "-std=gnu11")
    own = [flag for flag in AVR if source.suffix in {".cpp", ".ino"} or flag != "-fno-threadsafe-statics"]
    # The Arduino program puts this line before a sketch.
    included = ("-include", "Arduino.h") if source.suffix == ".ino" else ()
    run(*language, *own, *flags, *included, "-c", source, "-o", target)


class BuildSketch(Protocol):
    """Compile a sketch of the library for the Uno, with settings in place of those of its config.h."""

    def __call__(self, sketch: str, settings: Mapping[str, str]) -> Path: ...


@pytest.fixture(scope="session")
def build_sketch(arduino_core: list[Path], tmp_path_factory: pytest.TempPathFactory) -> BuildSketch:
    def build(sketch: str, settings: Mapping[str, str]) -> Path:
        folder = tmp_path_factory.mktemp(sketch)
        defines = [f"-D{name}={value}" for name, value in settings.items()]
        objects = []
        for source in [*(LIBRARY / "src").glob("*.c"), *(EXAMPLES / sketch).iterdir()]:
            if source.suffix in {".c", ".cpp", ".ino"}:
                objects.append(folder / f"{source.name}.o")
                compile_avr(source, objects[-1], *STRICT, *defines)
        target = folder / "sketch.elf"
        run("avr-gcc", "-mmcu=atmega328p", "-Wl,--gc-sections", *objects, *arduino_core, "-lm", "-o", target)
        return target

    return build


@dataclass(frozen=True, slots=True)
class SimulatedBoard:
    """A running Arduino Uno that is not there.

    ``port`` is the path of its USB port. Conversion ``n`` since power-up reads ``key(n)``.
    """

    port: str
    process: subprocess.Popen[str]

    def press_reset(self) -> None:
        """Press the reset button; conversions are numbered anew."""
        self.process.send_signal(signal.SIGUSR1)

    def unplug(self) -> None:
        """Pull the plug; readers of the port get an error."""
        self.process.terminate()
        self.process.wait(timeout=10)

    @staticmethod
    def key(n: int) -> int:
        """What the converter reads at conversion ``n``: the top ten bits of a hash."""
        return (n * 2654435761 % 2**32) >> 22


class PlugIn(Protocol):
    """Plug in an Uno that runs ``myoware_serial``, ``settings`` taking the place of those of its config.h.

    ``speed`` 1 is real time, where a slow reader loses bytes as with a real board; 0 is as fast as this
    machine can, waiting for the reader.
    """

    def __call__(
        self, settings: Mapping[str, str] | None = None, *, speed: float = FAST
    ) -> SimulatedBoard: ...


@pytest.fixture(scope="session")
def board_simulator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program that runs firmware on simavr."""
    require("gcc", "pkg-config", Path("/usr/include/simavr/sim_avr.h"), Path("/usr/include/libelf.h"))
    target = tmp_path_factory.mktemp("simulator") / "simulated_board"
    flags = run("pkg-config", "--cflags", "simavr").split()
    run("gcc", *STRICT, "-O2", *flags, HERE / "simulated_board.c", "-lsimavr", "-lelf", "-lm", "-o", target)
    return target


@pytest.fixture
def plug_in(build_sketch: BuildSketch, board_simulator: Path) -> Iterator[PlugIn]:
    """Give a function that plugs simulated boards in; at the end of the test they are pulled out."""
    with ExitStack() as plugged:

        def plug(settings: Mapping[str, str] | None = None, *, speed: float = FAST) -> SimulatedBoard:
            firmware = build_sketch("myoware_serial", settings or {})
            return plugged.enter_context(running(board_simulator, firmware, speed))

        yield plug


@contextmanager
def running(simulator: Path, firmware: Path, speed: float) -> Iterator[SimulatedBoard]:
    with subprocess.Popen(
        [simulator, firmware, str(speed)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            word, port = process.stdout.readline().split()
            assert word == "PTY"
            yield SimulatedBoard(port, process)
        finally:
            process.kill()
