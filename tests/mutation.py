"""Mutation testing of one module: each small change of it must turn its tests red.

Run as a program: `python -m tests.mutation [--part K/N] MODULE.py TESTS...`; the last line gives how many changes were
noticed, of all or of every N-th from the K-th on. The module is changed in a copy of the working tree. A change that
the tests do not notice is printed with its line.
"""

import argparse
import ast
import copy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENOUGH = 0.95
COPIED = (
    "consent",
    "deid",
    "sharing",
    "ultrasound_portal",
    "tests",
    "static",
    "templates",
    "manage.py",
    "pyproject.toml",
)
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


def mutants(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the kind and the source of every mutant: one change each, and none that changes nothing."""
    tree = ast.parse(source)
    whole = ast.unparse(tree)
    for index, node in enumerate(ast.walk(tree)):
        for kind, changed in _changes(node):
            other = copy.deepcopy(tree)
            _replace(other, index, changed)
            changed_source = ast.unparse(ast.fix_missing_locations(other))
            if changed_source != whole:
                yield getattr(node, "lineno", 0), kind, changed_source


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    yield from _of_a_condition(node)
    yield from _of_an_act(node)


def _of_a_condition(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(left, [operator], [right]):
            for other in COMPARISONS[type(operator)]:
                yield f"{type(operator).__name__} to {other.__name__}", ast.Compare(left, [other()], [right])
        case ast.BoolOp(operator, values):
            yield "and or", ast.BoolOp(ast.And() if isinstance(operator, ast.Or) else ast.Or(), values)
            for value in values:
                yield "one side only", value
        case ast.UnaryOp(ast.Not(), operand):
            yield "not taken away", operand
        case ast.IfExp(test, body, orelse):
            yield "branches swapped", ast.IfExp(test, orelse, body)
        case ast.If(_, body, orelse):
            yield "never", ast.If(ast.Constant(False), body, orelse)
            yield "always", ast.If(ast.Constant(True), body, orelse)


def _of_an_act(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Return(value) if value is not None:
            yield "returns nothing", ast.Return(ast.Constant(None))
        case ast.Raise():
            yield "raises nothing", ast.Pass()
        case ast.Expr(ast.Call()):
            yield "not called", ast.Pass()
        case ast.Attribute(ast.Name("GateReason"), name, context):
            other = "NO_GRANT" if name != "NO_GRANT" else "PERMITTED"
            yield "another reason", ast.Attribute(ast.Name("GateReason", ast.Load()), other, context)
        case ast.keyword(arg, ast.Name()) if arg:
            yield f"without {arg}", ast.keyword(arg, ast.Constant(None))


def _replace(tree: ast.Module, index: int, changed: ast.AST) -> None:
    target = list(ast.walk(tree))[index]
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, name, changed)
            elif isinstance(value, list):
                for place, item in enumerate(value):
                    if item is target:
                        value[place] = changed


def main(arguments: list[str]) -> int:
    """Try every mutant of the module against the tests; return 0 where enough of them are noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--part", default="1/1", metavar="K/N")
    parser.add_argument("module")
    parser.add_argument("tests", nargs="+")
    given = parser.parse_args(arguments)
    module, tests = given.module, given.tests
    part, parts = map(int, given.part.split("/"))
    source = (ROOT / module).read_text(encoding="utf-8")
    survivors, tried = [], 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in COPIED:
            there = ROOT / name
            (shutil.copytree if there.is_dir() else shutil.copy)(there, place / name)
        assert _is_green(place, tests), "the tests fail before anything was changed"
        for line, kind, mutant in islice(mutants(source), part - 1, None, parts):
            (place / module).write_text(mutant, encoding="utf-8")
            tried += 1
            if _is_green(place, tests):
                survivors.append((line, kind))
                sys.stdout.write(f"unnoticed: {module}:{line}: {kind}\n")
                sys.stdout.flush()
    noticed = tried - len(survivors)
    sys.stdout.write(f"{noticed} of {tried} changes noticed, {noticed / tried:.1%}\n")
    return 0 if noticed >= ENOUGH * tried else 1


def _is_green(place: Path, tests: list[str]) -> bool:
    """Whether the tests pass; random histories are left to the suite, since the examples must notice by themselves."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", "--reuse-db"]
    return (
        subprocess.run(
            [*command, "-k", "not in_every_history", *tests], cwd=place, check=False, capture_output=True
        ).returncode
        == 0
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
