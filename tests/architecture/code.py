"""The project's own Python, read as text and as trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files(folder: str = "lms", pattern: str = "*.py") -> tuple[Path, ...]:
    return tuple(sorted((ROOT / folder).rglob(pattern)))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def calls(path: Path, attribute: str) -> list[int]:
    """Lines on which `.attribute(…)` is called."""
    return [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == attribute
    ]


def named(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"
