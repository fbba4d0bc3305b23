"""Check everything: lint, format, types and tests. Sets itself up; needs only Python 3.11 or newer.

On Debian, as root, it also fetches the compilers that the firmware's tests need; elsewhere it names them.

Arguments go to pytest: ``python3 scripts/test.py tests/cli -k detect``.
"""

from __future__ import annotations

import subprocess
import sys

from _debian import install_missing
from _environment import ROOT, enter

CHECKS = (
    ("ruff check", "ruff check ."),
    ("ruff format", "ruff format --check ."),
    ("mypy", "mypy --strict"),
)


def run(module_and_arguments: list[str]) -> bool:
    """Run a tool of the environment in the checkout and tell whether it was satisfied."""
    command = [sys.executable, "-m", *module_and_arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def main() -> int:
    """Run every check, the tests last, and return 0 only when all of them passed."""
    enter("dev")
    install_missing()
    failed = []
    for name, command in CHECKS:
        print(f"== {name}", flush=True)
        if not run(command.split()):
            failed.append(name)
    if failed:
        print(f"== FAILED before the tests: {', '.join(failed)}", flush=True)
    print("== pytest", flush=True)
    passed = run(["pytest", "-n", "2", *sys.argv[1:]])
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
