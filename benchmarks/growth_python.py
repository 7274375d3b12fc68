"""Python files in any size, for `benchmarks.growth`: what is long, deep, many or woven together."""

# ruff: noqa: E501 (programs in a line each are easier to read so)

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.growth_data import Files, Input, joined

HEAD = "from airflow import DAG\nfrom airflow.operators.bash import BashOperator\n"
TASKS = "from airflow.decorators import dag, task\n"


def one(body: str) -> Files:
    """A repository of one DAG file."""
    return {"dags/a.py": body}


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
    code = HEAD + joined("from airflow.providers.amazon.aws.operators.s3 import S3_@\n", count)
    return {**one(code), "requirements.txt": "apache-airflow==3.0.0\n"}


PYTHON: Mapping[str, Input] = {
    "lines": (_lines, 1_500),
    "DAGs in a file": (_dags, 500),
    "tasks in a DAG": (_tasks, 1_500),
    "one long line": (lambda n: one(HEAD + "x = 1; " * n + "\n"), 8_000),
    "a long string": (lambda n: one(f"{HEAD}x = '{'a b=c ' * n}'\n"), 80_000),
    "a string of 50 MB": (lambda n: one(f"{HEAD}x = '{'a b=c ' * n}'\n"), 1_000_000),
    "items of a list": (lambda n: one(f"{HEAD}x = [{'1, ' * n}]\n"), 8_000),
    "items of a dict": (lambda n: one(f"{HEAD}x = {{{joined('@: 1, ', n)}}}\n"), 8_000),
    "items of a set": (lambda n: one(f"{HEAD}x = {{{joined('@, ', n)}}}\n"), 8_000),
    "calls of a function": (_calls, 1_250),
    "a chain of functions": (_chain, 1_250),
    "functions that call twice": (_fibonacci, 1_000),
    "functions that call each other": (_mutual, 800),
    "functions that hand tables on": (_frames, 600),
    "modules in a circle": (_circle, 120),
    "a chain of star imports": (_stars, 120),
    "classes in diamonds": (_classes, 500),
    "updates of default_args": (_updates, 1_500),
    "calls of a factory": (_factory, 1_500),
    "turns of a factory": (_loop, 2_000),
    "pulls and pushes": (_pulls, 500),
    "unknown conditions": (_conditions, 1_250),
    "returns under conditions": (_returns, 1_250),
    "conditions around a table": (_pandas_conditions, 250),
    "finally in finally": (_finally, 10),
    "try after try": (_tries, 1_000),
    "doubled texts": (_texts, 500),
    "suppressions": (lambda n: one(HEAD + joined("x = @  # airwarden: ignore[xcom] because @\n", n)), 2_500),
    "comments": (lambda n: one(HEAD + "# airwarden: a comment\n" * n), 20_000),
    "parts of an f-string": (lambda n: one(f"{HEAD}x = f'{'{a} b ' * n}'\n"), 6_000),
    "a long sum": (lambda n: one(f"{HEAD}x = a{' + b' * n}\n"), 350),
    "a long chain of calls": (lambda n: one(f"{HEAD}x = a{'.b()' * n}\n"), 170),
    "elif": (lambda n: one(f"{HEAD}if a: pass\n{'elif b: pass' + chr(10)}" + "elif c: pass\n" * n), 350),
    "brackets": (lambda n: one(f"{HEAD}x = {'[' * n}{']' * n}\n"), 12),
    "much in brackets": (lambda n: one(HEAD + f"x = {'[' * 60}{']' * 60}\n" * n), 50),
    "decorators": (lambda n: one(f"{HEAD}{'@a' + chr(10)}" + "@b\n" * n + "def f(): pass\n"), 1_250),
    "arguments": (lambda n: one(f"{HEAD}f({joined('a@=@, ', n)})\n"), 2_500),
    "secrets": (_secrets, 1_250),
    "findings": (_findings, 500),
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
