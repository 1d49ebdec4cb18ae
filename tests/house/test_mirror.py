"""The tests mirror the code: the test of a/b/c.py is tests/a/b/test_c.py."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("ultrasound_portal", "deid", "consent", "sharing")
# these hold declarations only, or are shown by the tests of what uses them
WITHOUT_OWN_TEST = {
    "__init__",
    "apps",
    "urls",
    "admin",
    "states",
    "signals",
    "events",
    "kinds",
    "formats",
    "wsgi",
    "asgi",
}


def untested(root: Path) -> list[str]:
    """Name the modules below `root` that have no test file of their own."""
    return sorted(
        str(module.relative_to(root))
        for package in PACKAGES
        for module in (root / package).rglob("*.py")
        if needs_a_test(module.relative_to(root))
        and not any((root / place).exists() for place in places(module.relative_to(root)))
    )


def needs_a_test(module: Path) -> bool:
    return module.stem not in WITHOUT_OWN_TEST and "migrations" not in module.parts


def places(module: Path) -> list[Path]:
    own = Path("tests") / module.parent / f"test_{module.stem.strip('_')}.py"
    if module.parent.name == "models":
        return [own, Path("tests") / module.parent.parent / "test_models.py"]
    return [own]


def orphans(root: Path) -> list[str]:
    """Name the test files of the mirrored tree that no longer mirror anything."""
    return sorted(
        str(test.relative_to(root))
        for package in PACKAGES
        for test in (root / "tests" / package).rglob("test_*.py")
        if not mirrors_something(root, test.relative_to(root / "tests"))
    )


def mirrors_something(root: Path, test: Path) -> bool:
    name = test.stem.removeprefix("test_")
    folder = root / test.parent
    return any(
        place.exists() for place in (folder / f"{name}.py", folder / f"__{name}__.py", folder / name / "__init__.py")
    )


def test_every_module_has_its_test() -> None:
    assert untested(ROOT) == []


def test_no_test_outlives_its_module() -> None:
    assert orphans(ROOT) == []


def test_a_module_without_test_and_a_test_without_module_are_seen(tmp_path: Path) -> None:
    (tmp_path / "deid").mkdir()
    (tmp_path / "deid" / "fresh.py").touch()
    (tmp_path / "tests" / "deid").mkdir(parents=True)
    (tmp_path / "tests" / "deid" / "test_gone.py").touch()
    assert untested(tmp_path) == ["deid/fresh.py"]
    assert orphans(tmp_path) == ["tests/deid/test_gone.py"]
