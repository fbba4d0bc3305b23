"""Virtual environments for the peers: made once under ``.venv-peers``; what does not install is said."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import venv
from functools import cache
from pathlib import Path

from accuracy.detectors import LIBEMG, OURS, PEERS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".venv-peers"
INSTALL_S = 600.0


def requirements(home: str) -> list[str]:
    """Return what an environment needs, from pyproject.toml: the extra ``bench``, or LibEMG alone."""
    if home == LIBEMG:
        return ["libemg>=2.0"]
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras: dict[str, list[str]] = table["project"]["optional-dependencies"]
    return extras["bench"] if home == PEERS else []


@cache
def python(home: str) -> tuple[Path | None, str]:
    """Return the interpreter of an environment, made now if need be, or ``None`` and why there is none."""
    if home == OURS:
        return Path(sys.executable), ""
    folder = FOLDER / home
    program = folder / "bin" / "python"
    stamp = folder / "installed.txt"
    wanted = "\n".join(requirements(home))
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return program, ""
    print(f"  (installing {home}: {wanted.replace(chr(10), ', ')})", flush=True)
    if not program.exists():
        venv.EnvBuilder(with_pip=True, clear=True).create(folder)
    command = [
        str(program),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        *wanted.split("\n"),
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_S)
    except subprocess.TimeoutExpired:
        return None, "does not install (time limit)"
    except subprocess.CalledProcessError as error:
        lines = [line for line in error.stderr.splitlines() if line.startswith("ERROR")]
        return None, f"does not install ({lines[-1] if lines else 'pip failed'})"
    stamp.write_text(wanted, encoding="utf-8")
    return program, ""


def versions(program: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Return the versions of installed distributions, leaving out those that are not there."""
    code = (
        "import importlib.metadata as m, sys\n"
        "for name in sys.argv[1:]:\n"
        "    try: print(name, m.version(name))\n"
        "    except m.PackageNotFoundError: pass\n"
    )
    done = subprocess.run([str(program), "-c", code, *names], check=True, capture_output=True, text=True)
    return dict(line.split() for line in done.stdout.splitlines())
