"""The house rules that a machine can see (docs/architecture.md)."""

import ast
import re

from flask import Flask

from lms.web.access import DOORS
from tests.architecture.code import ROOT, calls, files, functions, named, tree

MOST_LINES_OF_A_FUNCTION = 40
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_PAGE = 120
MOST_POSITIONAL_PARAMETERS = 6


def test_only_one_file_commits():
    committers = {path.relative_to(ROOT).as_posix() for path in files() if calls(path, "commit")}
    assert committers == {"lms/foundation/db.py"}


def test_no_relationship_loads_itself():
    lazy = [
        named(path, node.lineno)
        for path in files(pattern="models.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "relationship"
        and not any(
            keyword.arg == "lazy" and getattr(keyword.value, "value", "") == "raise_on_sql"
            for keyword in node.keywords
        )
    ]
    assert lazy == []


def test_every_view_declares_its_door(app: Flask):
    undeclared = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if f"{view.__module__}.{view.__qualname__}" not in DOORS
    ]
    assert undeclared == []


def test_functions_fit_in_the_eye():
    long = [
        f"{named(path, function.lineno)} {function.name}: {length} lines"
        for folder in ("lms", "tests", "bench", "scripts")
        for path in files(folder)
        for function in functions(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_functions_take_six_parameters_and_the_rest_by_name():
    wide = [
        f"{named(path, function.lineno)} {function.name}"
        for path in files()
        for function in functions(path)
        if len(function.args.posonlyargs) + len(function.args.args) > MOST_POSITIONAL_PARAMETERS
    ]
    assert wide == []


def test_files_stop_at_four_hundred_lines():
    long = [
        path.relative_to(ROOT).as_posix()
        for folder in ("lms", "tests", "bench")
        for path in files(folder)
        if path.read_text(encoding="utf-8").count("\n") > MOST_LINES_OF_A_FILE
    ]
    assert long == []


def test_templates_only_say():
    """No unescaped output, no inline script or style, and a long page is made of parts."""
    wrong = []
    for path in files("templates", "*.html"):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT).as_posix()
        if re.search(r"\|\s*safe\b", text):
            wrong.append(f"{name}: |safe")
        if "templates/print/" not in name and re.search(r"\sstyle=|<style\b|\son[a-z]+=", text):
            wrong.append(f"{name}: inline style or script")
        if re.search(r"<script(?![^>]*\bsrc=)", text):
            wrong.append(f"{name}: inline script")
        if text.count("\n") > MOST_LINES_OF_A_PAGE:
            wrong.append(f"{name}: {text.count(chr(10))} lines")
    assert wrong == []


def test_nothing_swallows_every_error():
    """Only the worker's frame may catch everything, to tell that a job failed; it raises on."""
    swallowing = [
        named(path, node.lineno)
        for path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]
    assert swallowing == []


def test_the_environment_is_read_at_the_entrance_only():
    readers = [
        named(path, node.lineno)
        for path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]
    assert readers == []


def test_rooms_keep_their_selects_in_queries():
    """Actions may update what they were given; what is read is read in queries.py."""
    doors = [
        named(path, node.lineno)
        for folder in ("lms/web", "lms/cli")
        for path in files(folder)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
    ]
    assert doors == []
