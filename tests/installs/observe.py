"""Loads the Python files of a repository as the DAG processor does, and tells which imports fail.

usage: python observe.py ROOT DAG_FOLDER FILE...

Runs in the environment that was made for the repository, and imports nothing but Airflow and what the files
do. Prints one JSON object. Its `failures` tell the file, the file in which the failing import stands, when it
fails (`load`, or `run` where it stands in a function), the missing module and the message; its `reach` tells
which files of the repository each file loads.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any


def main(root: Path, folder: str, files: list[str]) -> dict[str, Any]:
    """What fails in each file, and which files of the repository each loads."""
    importlib.import_module("airflow")
    plugins = (root / folder).parent / "plugins"
    sys.path[:0] = [str(root / folder), str(plugins)]
    failures, reach = [], {}
    for file in files:
        above = plugins if plugins in (root / file).parents else root / folder
        parts = (root / file).relative_to(above).with_suffix("").parts
        failures += [{"file": file, **each} for each in failures_of(root, file, parts)]
        reach[file] = forget(root)
    return {"failures": failures, "reach": reach}


def failures_of(root: Path, file: str, parts: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Those of the file as a whole, and of each import that has to work."""
    module = ".".join(parts).removesuffix(".__init__")
    yield from attempt(root, file, "load", lambda: importlib.import_module(module))
    for statement, when in imports(ast.parse((root / file).read_text())):
        code = compile(ast.Module([statement], []), str(root / file), "exec")
        space = {"__name__": "one", "__package__": ".".join(parts[:-1])}
        yield from attempt(root, file, when, partial(exec, code, space))
    for url in re.findall(r'ObjectStoragePath\("(.*?)"\)', (root / file).read_text()):
        yield from (
            each for each in attempt(root, file, "run", partial(reach_storage, url)) if each["module"]
        )


def reach_storage(url: str) -> None:
    """Makes what a path of object storage needs, which is made when the path is used first."""
    assert importlib.import_module("airflow.sdk").ObjectStoragePath(url).fs


def attempt(root: Path, file: str, when: str, act: Callable[[], object]) -> list[dict[str, str]]:
    """What comes of running something: nothing, or a failure and the file of the repository that it is in."""
    try:
        act()
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [each for each in frames if is_own(root, Path(each.filename))]
        place = Path(own[-1].filename).relative_to(root).as_posix() if own else file
        module = in_full(missing(error), own[-1].line or "") if own else missing(error)
        return [
            {"place": place, "when": when, "module": module, "message": f"{type(error).__name__}: {error}"}
        ]
    return []


def missing(error: BaseException | None) -> str:
    """What an error says is missing: a module, `@task.name`, `name://`, an extra; else an empty text."""
    while error is not None:
        for pattern, form in TOLD.items():
            told = re.search(pattern, str(error))
            if told:
                return form.format(told[1])
        if isinstance(error, ImportError) and error.name:
            return error.name
        error = error.__cause__ or error.__context__
    return ""


TOLD = {
    r"task decorator '(\w+)' not found": "@task.{}",
    r"No filesystem registered for scheme (\w+)": "{}://",
    r"pip install ([\w-]+\[\w+\])": "{}",
    r"(\w+)\.__init__\(\) got an unexpected keyword": "{}()",
}


def in_full(module: str, line: str) -> str:
    """The module that a line imports, where the error names a package above it, or what that one lacks."""
    imported = re.search(r"airflow\.providers\.\w[\w.]*", line)
    is_part = imported and imported[0].startswith(f"{module}.")
    is_within = imported and module and not re.match(r"airflow\.|@|.*(://|\)|\])$", module)
    return imported[0] if imported and (is_part or is_within) else module


def imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """Each import that is neither tried nor for type checkers alone, and whether it stands in a function."""
    pending: list[tuple[ast.stmt, str]] = [(node, "load") for node in tree.body]
    while pending:
        node, when = pending.pop(0)
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, when
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            pending += [(inner, "run") for inner in node.body]
        elif isinstance(node, ast.ClassDef | ast.With) or (isinstance(node, ast.If) and when == "run"):
            pending += [(inner, when) for inner in node.body if "suppress(" not in ast.unparse(node)]


def forget(root: Path) -> list[str]:
    """Drops the repository's own modules, so that each file is loaded afresh; returns their paths."""
    files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
    own = {name: Path(file) for name, file in files.items() if file and is_own(root, Path(file))}
    for name in own:
        del sys.modules[name]
    return sorted(path.relative_to(root).as_posix() for path in own.values())


def is_own(root: Path, path: Path) -> bool:
    return root in path.parents and ".venv" not in path.parts


if __name__ == "__main__":
    print("\n" + json.dumps(main(Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3:])))
