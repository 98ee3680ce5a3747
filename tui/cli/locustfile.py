"""What can be said of a locustfile without running it: somebody's code is not ours to start."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

from tui.core.load import Load
from tui.core.problem import Problem, did_you_mean
from tui.core.scenario import Scenario

_MAGIC = {"globals", "locals", "vars", "exec", "setattr"}
"""Whoever calls one of these may make names that no reader of the text can see."""


def locustfile_problems(scenario: Scenario) -> list[Problem]:
    """Syntax errors, user classes and a shape of the scenario that can't be in its locustfile, and
    a shape in it that the scenario does not name."""
    load, scenario_file = scenario.load, Path(scenario.path)
    if load is None:
        return []
    path = scenario_file.parent / load.locustfile
    try:
        with warnings.catch_warnings():
            # An odd escape in somebody's text is theirs to be warned of when it runs.
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_bytes(), path.name)
    except SyntaxError as error:
        line = f" line {error.lineno}" if error.lineno else ""
        what = f"{path.name}{line}: {error.msg}"
    except (ValueError, RecursionError, OSError) as error:
        what = f"{path.name} can't be read: {error}"
    else:
        return [
            *_class_problems(scenario_file.name, load, path.name, tree),
            *_shape_problems(scenario_file.name, load, path.name, tree),
        ]
    return [Problem(scenario_file.name, "load.locustfile", what)]


def _class_problems(where: str, load: Load, file: str, tree: ast.Module) -> list[Problem]:
    names, can_know = _names(tree)
    if not can_know:
        return []
    return [
        Problem(
            where,
            f"load.user_classes.{name}",
            f"no such class in {file}{did_you_mean(name, names)}",
        )
        for name in load.user_classes
        if name not in names
    ]


def _shape_problems(where: str, load: Load, file: str, tree: ast.Module) -> list[Problem]:
    names, can_know = _names(tree)
    shapes = sorted(_shapes(tree) & names)
    wanted = load.shape
    if wanted and can_know and wanted not in names:
        what = f"no such class in {file}{did_you_mean(wanted, shapes)}"
    elif shapes and not wanted:
        what = f'{file} has the LoadTestShape {shapes[0]}: name it (shape = "{shapes[0]}")'
    else:
        return []
    return [Problem(where, "load.shape", what)]


def _shapes(tree: ast.Module) -> set[str]:
    """Classes that inherit LoadTestShape, directly or by another class of the module."""
    known = {"LoadTestShape"}
    shapes: set[str] = set()
    for node in _module_level(tree):
        if isinstance(node, ast.ImportFrom):
            alike = (alias for alias in node.names if alias.name == "LoadTestShape")
            known |= {alias.asname or alias.name for alias in alike}
        elif isinstance(node, ast.ClassDef):
            bases = {base.attr for base in node.bases if isinstance(base, ast.Attribute)}
            bases |= {base.id for base in node.bases if isinstance(base, ast.Name)}
            if bases & (known | shapes):
                shapes.add(node.name)
    return shapes


def _names(tree: ast.Module) -> tuple[set[str], bool]:
    """What the module calls its own, abstract classes left out; False when that can't be known."""
    names: set[str] = set()
    for node in _module_level(tree):
        if isinstance(node, ast.ClassDef):
            (names.discard if _is_abstract(node) else names.add)(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names, "*" not in names and called.isdisjoint(_MAGIC)


def _module_level(node: ast.AST) -> Iterator[ast.AST]:
    """Everything that runs when the module is imported, `if` and `try` included."""
    for child in ast.iter_child_nodes(node):
        yield child
        inner = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        if not isinstance(child, inner):
            yield from _module_level(child)


def _is_abstract(node: ast.ClassDef) -> bool:
    """Whether it says `abstract = True`: Locust starts no such users."""
    return any(
        isinstance(each, ast.Assign)
        and any(isinstance(name, ast.Name) and name.id == "abstract" for name in each.targets)
        and isinstance(each.value, ast.Constant)
        and each.value.value is True
        for each in node.body
    )
