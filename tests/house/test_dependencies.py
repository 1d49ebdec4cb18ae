"""Every dependency says why it is there, is pinned with hashes, and no lock file holds an address."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^[a-z0-9._\[\]-]+==[^ ]+( ; .+)? \\$")


def faults_of_a_lock(text: str) -> list[str]:
    """Return the lines of a lock file that pin nothing, lack a hash, or hold an address."""
    lines = text.splitlines()
    wrong = [line for line in lines if "://" in line or line.startswith("-")]
    for number, line in enumerate(lines):
        if line and not line.startswith((" ", "#")):
            following = lines[number + 1] if number + 1 < len(lines) else ""
            if not PIN.match(line) or not following.strip().startswith("--hash=sha256:"):
                wrong.append(line)
    return wrong


def unexplained(pyproject: str) -> list[str]:
    """Return the runtime dependencies that no comment stands above."""
    block = pyproject.split("dependencies = [")[1].split("\n]")[0].strip().splitlines()
    return [
        line.strip()
        for number, line in enumerate(block)
        if not line.strip().startswith("#") and not block[number - 1].strip().startswith("#")
    ]


def test_the_locks_are_pinned_hashed_and_without_addresses() -> None:
    assert [lock.name for lock in LOCKS] == ["checks.txt", "fuzzing.txt", "runtime.txt", "tests.txt", "training.txt"]
    assert {lock.name: faults_of_a_lock(lock.read_text()) for lock in LOCKS} == {lock.name: [] for lock in LOCKS}


def test_every_dependency_has_its_reason() -> None:
    assert unexplained((ROOT / "pyproject.toml").read_text()) == []


def test_a_loose_pin_an_address_and_a_missing_reason_are_seen() -> None:
    lock = "--index-url x\nloose>=1\npinned==1\nfine==1 \\\n    --hash=sha256:00\nf @ https://example.org/f\n"
    assert set(faults_of_a_lock(lock)) == {
        "--index-url x",
        "loose>=1",
        "pinned==1",
        "f @ https://example.org/f",
    }
    assert unexplained('dependencies = [\n  # why\n  "a>=1",\n  "b>=1",\n]\n') == ['"b>=1",']
