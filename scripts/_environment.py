"""Make the virtual environment the other scripts run in.

Runs on a bare Python with the standard library alone. The environment is the folder ``.venv`` of the
checkout; it is made once and made anew only when ``pyproject.toml`` or the interpreter has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "emgdetect-setup.json"
OLDEST = (3, 11)
GRANTS = {"dev": {"dev", "report"}, "report": {"report"}}


def enter(extra: str) -> None:
    """Go on inside the environment with ``extra`` installed, or end the program with a clear message."""
    _require_python()
    if Path(sys.prefix).resolve() == ENVIRONMENT.resolve() and _is_ready(extra):
        return
    if not _is_ready(extra):
        _set_up(extra)
    _run_again()


def _require_python() -> None:
    if sys.version_info < OLDEST:  # this very line meets the older interpreters
        found, needed = (".".join(map(str, pair)) for pair in (sys.version_info[:2], OLDEST))
        _give_up(f"Python {needed} or newer is needed; this is {found} ({sys.executable})")


def _python() -> Path:
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return ENVIRONMENT / folder / name


def _fingerprint() -> str:
    """Give what the environment was made from: the project's requirements, its place and its Python."""
    parts = ((ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode(), sys.version.encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _is_ready(extra: str) -> bool:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    granted = GRANTS.get(stamp.get("extra"), set())
    return stamp.get("fingerprint") == _fingerprint() and extra in granted and _python().exists()


def _set_up(extra: str) -> None:
    print(f"Setting up {ENVIRONMENT.name} (once; a minute or two) ...", flush=True)
    # What a fuller set-up has brought stays: a demo must not take the test tools away.
    wanted = "dev" if _had("dev") else extra
    _make_environment()
    STAMP.unlink(missing_ok=True)
    target = f"{ROOT}[{wanted}]"
    command = [str(_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", target]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n  ".join((done.stderr or done.stdout).strip().splitlines()[-6:])
        _give_up(
            "pip could not install the libraries. The first run needs a network connection, or a package "
            f"folder named in pip's settings (PIP_FIND_LINKS, PIP_INDEX_URL). pip said:\n  {tail}"
        )
    stamp = {"fingerprint": _fingerprint(), "extra": wanted}
    STAMP.write_text(json.dumps(stamp), encoding="utf-8")


def _had(extra: str) -> bool:
    try:
        return bool(json.loads(STAMP.read_text(encoding="utf-8")).get("extra") == extra)
    except (OSError, ValueError):
        return False


def _make_environment() -> None:
    if _python().exists() and _works():
        return
    try:
        import ensurepip  # noqa: F401 - Debian ships venv without it, which fails late and unclearly
        import venv
    except ImportError:
        version = ".".join(map(str, sys.version_info[:2]))
        _give_up(
            "this Python cannot make virtual environments; "
            f"on Debian and Ubuntu: sudo apt install python{version}-venv"
        )
    try:
        venv.EnvBuilder(with_pip=True, clear=True, symlinks=os.name != "nt").create(ENVIRONMENT)
    except (OSError, subprocess.CalledProcessError) as error:
        _give_up(f"{ENVIRONMENT} cannot be made: {error}")


def _works() -> bool:
    """Tell whether an environment made earlier still starts, with the Python that runs this."""
    code = "import pip, sys; print(sys.version)"
    try:
        done = subprocess.run([str(_python()), "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == sys.version.strip()


def _run_again() -> NoReturn:
    command = [str(_python()), *sys.argv]
    if os.name == "nt":
        sys.exit(subprocess.run(command, check=False).returncode)
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - the same script, by the environment's own Python


def _give_up(message: str) -> NoReturn:
    print(f"{Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    sys.exit(1)
