"""How the cost of a Python file grows with its size: python -m benchmarks.growth [NAME...]

Each input is made in several sizes, each twice the one before, and checked in a process of its own with one
job and no cache. Printed are the seconds of CPU time of each size beside those of an empty file, the slope of
their logarithms from the second size on, and what was found of a file that is not judged.
"""

# ruff: noqa: E501 (programs in a line each are easier to read so)

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

Files = Mapping[str, str]

LIMIT = 120
"""Seconds that one input may take."""
MEMORY = 4_000_000_000
"""Bytes that one input may take."""
HEAD = "from airflow import DAG\nfrom airflow.operators.bash import BashOperator\n"
TASKS = "from airflow.decorators import dag, task\n"


def one(body: str) -> Files:
    """A repository of one DAG file."""
    return {"dags/a.py": body}


def joined(line: str, count: int) -> str:
    """A line so many times, each with its number in the place of `@`."""
    return "".join(line.replace("@", str(number)) for number in range(count))


def _lines(count: int) -> Files:
    return one(HEAD + joined("value_@ = compute('text', key=@)\n", count))


def _dags(count: int) -> Files:
    return one(HEAD + joined('with DAG("dag_@", schedule=None):\n    BashOperator(task_id="t")\n', count))


def _tasks(count: int) -> Files:
    return one(f'{HEAD}with DAG("d"):\n' + joined('    t@ = BashOperator(task_id="t@")\n', count))


def _calls(count: int) -> Files:
    return one(HEAD + joined("def f@(x):\n    return f%@(x)\n", count).replace("f%", "g") + "f0(1)\n")


def _chain(count: int) -> Files:
    body = "".join(f"def f{n}(x):\n    return f{n + 1}(x)\n" for n in range(count))
    return one(f"{HEAD}{body}def f{count}(x):\n    return x\nf0(1)\n")


def _fibonacci(count: int) -> Files:
    body = "".join(f"def f{n}(x):\n    return f{n + 1}(x) + f{n + 1}(x)\n" for n in range(count))
    return one(f"{HEAD}{body}def f{count}(x):\n    return x\nf0(1)\n")


def _mutual(count: int) -> Files:
    body = "".join(
        f"def f{n}(x):\n    return f{(n * 7 + 1) % count}(f{(n + 1) % count}(x))\n" for n in range(count)
    )
    return one(f"{HEAD}{body}f0(1)\n")


def _frames(count: int) -> Files:
    body = "".join(f"def f{n}(x):\n    return f{n + 1}(x), f{n + 1}(x.dropna())\n" for n in range(count))
    task = "@task\ndef load():\n    return f0(pd.read_csv(path))\n"
    return one(
        f"{TASKS}import pandas as pd\n{body}def f{count}(x):\n    return x\n{task}@dag\ndef d():\n    load()\nd()\n"
    )


def _circle(count: int) -> Files:
    return {
        f"dags/m{n}.py": f"from m{(n + 1) % count} import *\nfrom airflow import DAG\nx{n} = {n}\n"
        for n in range(count)
    }


def _stars(count: int) -> Files:
    files = {
        f"dags/m{n}.py": f"from m{n + 1} import *\nfrom airflow import DAG\nx{n} = {n}\n"
        for n in range(count)
    }
    return {**files, f"dags/m{count}.py": "from airflow import DAG\n"}


def _classes(count: int) -> Files:
    body = "class A0: pass\nclass B0: pass\n"
    body += "".join(
        f"class A{n}(A{n - 1}, B{n - 1}): pass\nclass B{n}(A{n - 1}, B{n - 1}): pass\n"
        for n in range(1, count)
    )
    return one(f"{HEAD}{body}A{count - 1}().run\n")


def _updates(count: int) -> Files:
    return one(
        HEAD
        + "default_args = {}\n"
        + joined('default_args["k@"] = @\n', count)
        + 'DAG("d", default_args=default_args)\n'
    )


def _factory(count: int) -> Files:
    return one(
        f'{HEAD}def make(n):\n    with DAG(f"d{{n}}") as dag:\n        BashOperator(task_id="t")\n    return dag\n'
        + joined("d@ = make(@)\n", count)
    )


def _loop(count: int) -> Files:
    return one(
        f'{HEAD}for n in range({count}):\n    with DAG(f"d{{n}}") as dag:\n        BashOperator(task_id="t")\n    globals()[f"d{{n}}"] = dag\n'
    )


def _pulls(count: int) -> Files:
    one_task = """@task
def f{n}(ti=None):
    ti.xcom_push("k{n}", 1)
    return ti.xcom_pull(task_ids="f{n}", key="k{n}")
"""
    body = "".join(one_task.format(n=number) for number in range(count))
    return one(f"{TASKS}{body}@dag\ndef d():\n" + joined("    f@()\n", count) + "d()\n")


def _conditions(count: int) -> Files:
    return one(f"{HEAD}x = 0\n" + joined("if unknown(@):\n    x = @\n", count))


def _returns(count: int) -> Files:
    return one(
        f"{HEAD}def f(a):\n" + joined("    v@ = a\n    if unknown(@):\n        return v@\n", count) + "f(1)\n"
    )


def _pandas_conditions(count: int) -> Files:
    body = "".join(
        f"    if p{n % 7}:\n        x = x.drop({n})\n    else:\n        y{n % 50} = x\n" for n in range(count)
    )
    return one(
        f"{TASKS}import pandas as pd\n@task\ndef load(path, **p):\n    x = pd.read_csv(path)\n{body}    return x\n@dag\ndef d():\n    load()\nd()\n"
    )


def _finally(count: int) -> Files:
    count = min(count, 90)
    body = "".join(" " * n + "try:\n" for n in range(count)) + " " * count + "f()\n"
    return one(
        HEAD + body + "".join(" " * n + "finally:\n" + " " * n + " g()\n" for n in reversed(range(count)))
    )


def _tries(count: int) -> Files:
    return one(HEAD + joined("try:\n    a = f(@)\nexcept E@ as e:\n    a = @\nfinally:\n    b = a\n", count))


def _texts(count: int) -> Files:
    return one(HEAD + "s = 'a'\n" + "s = s + s\n" * count + "t = f'{s}{s}'\n" + "DAG(s)\n")


def _secrets(count: int) -> Files:
    return one(HEAD + joined("password_@ = 'hunter2@Xy7'\n", count))


def _findings(count: int) -> Files:
    return one(HEAD + joined("from airflow.providers.amazon.aws.operators.s3 import S3_@\n", count))


INPUTS: dict[str, tuple[Callable[[int], Files], int]] = {
    "lines": (_lines, 4_000),
    "DAGs in a file": (_dags, 1_250),
    "tasks in a DAG": (_tasks, 1_250),
    "one long line": (lambda n: one(HEAD + "x = 1; " * n + "\n"), 8_000),
    "a long string": (lambda n: one(f"{HEAD}x = '{'a b=c ' * n}'\n"), 80_000),
    "a string of 50 MB": (lambda n: one(f"{HEAD}x = '{'a b=c ' * n}'\n"), 1_000_000),
    "items of a list": (lambda n: one(f"{HEAD}x = [{'1, ' * n}]\n"), 12_500),
    "items of a dict": (lambda n: one(f"{HEAD}x = {{{joined('@: 1, ', n)}}}\n"), 12_500),
    "items of a set": (lambda n: one(f"{HEAD}x = {{{joined('@, ', n)}}}\n"), 12_500),
    "calls of a function": (_calls, 1_250),
    "a chain of functions": (_chain, 1_250),
    "functions that call twice": (_fibonacci, 1_250),
    "functions that call each other": (_mutual, 1_250),
    "functions that hand tables on": (_frames, 1_250),
    "modules in a circle": (_circle, 50),
    "a chain of star imports": (_stars, 50),
    "classes in diamonds": (_classes, 500),
    "updates of default_args": (_updates, 1_250),
    "calls of a factory": (_factory, 1_250),
    "turns of a factory": (_loop, 1_000),
    "pulls and pushes": (_pulls, 500),
    "unknown conditions": (_conditions, 1_250),
    "returns under conditions": (_returns, 1_250),
    "conditions around a table": (_pandas_conditions, 250),
    "finally in finally": (_finally, 10),
    "try after try": (_tries, 500),
    "doubled texts": (_texts, 500),
    "suppressions": (lambda n: one(HEAD + joined("x = @  # airwarden: ignore[xcom] because @\n", n)), 2_500),
    "comments": (lambda n: one(HEAD + "# airwarden: a comment\n" * n), 10_000),
    "parts of an f-string": (lambda n: one(f"{HEAD}x = f'{'{a} b ' * n}'\n"), 5_000),
    "a long sum": (lambda n: one(f"{HEAD}x = a{' + b' * n}\n"), 350),
    "a long chain of calls": (lambda n: one(f"{HEAD}x = a{'.b()' * n}\n"), 170),
    "elif": (lambda n: one(f"{HEAD}if a: pass\n{'elif b: pass' + chr(10)}" + "elif c: pass\n" * n), 350),
    "brackets": (lambda n: one(f"{HEAD}x = {'[' * n}{']' * n}\n"), 12),
    "much in brackets": (lambda n: one(HEAD + f"x = {'[' * 60}{']' * 60}\n" * n), 50),
    "decorators": (lambda n: one(f"{HEAD}{'@a' + chr(10)}" + "@b\n" * n + "def f(): pass\n"), 1_250),
    "arguments": (lambda n: one(f"{HEAD}f({joined('a@=@, ', n)})\n"), 2_500),
    "secrets": (_secrets, 1_250),
    "findings": (_findings, 1_250),
    "while": (lambda n: one(HEAD + joined("while True:\n    x@ = f()\n    if x@: break\n", n)), 500),
    "comprehensions": (
        lambda n: one(HEAD + joined("x@ = [i * @ for i in range(100) if i > unknown]\n", n)),
        250,
    ),
    "generators": (
        lambda n: one(HEAD + joined("def g@():\n    yield @\n    yield from g@()\nx@ = list(g@())\n", n)),
        250,
    ),
    "possible values": (
        lambda n: one(HEAD + "x = 0\n" + joined("x = x if u(@) else @\ny = x == x\n", n)),
        500,
    ),
    "dicts in dicts": (
        lambda n: one(f"{HEAD}d = {{}}\n" + "d = {'a': d, 'b': d}\n" * n + "DAG('d', default_args=d)\n"),
        500,
    ),
    "tuples in tuples": (
        lambda n: one(f"{HEAD}d = ()\n" + "d = (d, d)\n" * n + "x = d == d\ny = {d: 1}\n"),
        500,
    ),
}


def measured(name: str, size: int) -> tuple[float, list[str], bool]:
    """The seconds, the findings on what is not judged, and whether it went wrong, of one input in one size."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in (INPUTS[name][0](size) if size else one(HEAD)).items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        Path(folder, "pyproject.toml").write_text("[tool.airwarden]\n", encoding="utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [
            sys.executable,
            "-P",
            "-m",
            "airwarden",
            "check",
            "--no-cache",
            "--jobs",
            "1",
            "--format",
            "json",
        ]
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=LIMIT,
                check=False,
                preexec_fn=_limited,
            )
        except subprocess.TimeoutExpired:
            return math.inf, ["took too long"], True
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (seconds, *_told(done))


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _told(done: subprocess.CompletedProcess[str]) -> tuple[list[str], bool]:
    if done.returncode not in (0, 1):
        return [f"ended with {done.returncode}: {done.stderr.strip()[-80:]}"], True
    report = json.loads(done.stdout)
    rules = sorted({each["rule"] for each in report["findings"]})
    return [rule for rule in rules if rule.startswith(("too-", "unreadable"))], False


def main(names: list[str]) -> int:
    """Prints the table."""
    wrong = False
    base = min(measured("lines", 0)[0] for _ in range(3))
    for name in names or INPUTS:
        first = INPUTS[name][1]
        rows = []
        for size in (first, 2 * first, 4 * first, 8 * first):
            rows.append((size, *measured(name, size)))
            if rows[-1][3]:
                break
        taken = [max(seconds - base, 0.001) for _, seconds, _, _ in rows]
        slope = math.log2(taken[-1] / taken[1]) / (len(taken) - 2) if len(taken) > 2 else math.nan
        cells = "  ".join(f"{size:,}: {seconds:.2f}" for size, seconds, _, _ in rows)
        print(f"{name:32}{slope:6.2f}  {cells}  {', '.join(rows[-1][2])}", flush=True)
        wrong = wrong or rows[-1][3]
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
