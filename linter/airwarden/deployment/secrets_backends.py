"""SecretsBackend: which secrets backend a deployment has, and what it is given."""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.bounded import DeepText, json_of
from airwarden.credentials.backends import argument_of, kwargs_of
from airwarden.deployment.effective import Deployment
from airwarden.deployment.precedence import Deployed
from airwarden.deployment.settings import Setting
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.tracing import traced_property

OPTIONS = {"secrets": ("backend", "backend_kwargs"), "workers": ("secrets_backend", "secrets_backend_kwargs")}
"""The options that name a backend and its arguments, by their section. Those of `workers` are for tasks."""


@dataclass(frozen=True)
class SecretsBackend:
    """The secrets backend of a deployment: the settings that count, `kwargs` None where there is none."""

    deployed: Deployed
    section: str
    backend: Setting
    kwargs: Setting | None

    @property
    def name(self) -> str:
        """The path of the class; empty where it can't be known."""
        return (self.backend.text or "").strip()

    @property
    def arguments(self) -> dict[str, object] | None:
        """What the JSON gives the backend; None where that can't be known."""
        if self.kwargs is None:
            option = OPTIONS[self.section][1]
            return {} if self.deployed.lacks(self.section, option, self.deployed.tasks_run_in) else None
        return None if self.kwargs.text is None else kwargs_of(plain_json(self.kwargs.text))

    @property
    def given_alone(self) -> frozenset[str]:
        """The arguments that variables of their own give."""
        found = (argument_of(each.variable) for each in self.deployed.settings)
        return frozenset(name for name in found if name)


class SecretsBackends:
    """The secrets backends of all deployments that a repository tells of."""

    def __init__(self, repo: Repo) -> None:
        self.tracer = repo.tracer
        self._deployment = repo.analysis(Deployment)

    @traced_property
    def found(self) -> tuple[SecretsBackend, ...]:
        """Each backend of each deployment."""
        return tuple(each for deployed in self._deployment.deployments for each in _backends_of(deployed))

    def all_kwargs(self) -> Iterator[Setting]:
        """Every setting that gives all arguments of a backend, whether it counts or not."""
        for section, (_, option) in OPTIONS.items():
            yield from self._deployment.setting(section, option)


def plain_json(text: str) -> str:
    """JSON without the backslashes that its quotes need inside of quotes."""
    stripped = text.strip()
    return stripped.replace('\\"', '"') if stripped.startswith('{\\"') else stripped


def json_fault(text: str) -> str | None:
    """Why a text is no JSON object; None where it is one, or nothing at all, as `null` is."""
    if not text.strip():
        return None
    try:
        found = json_of(plain_json(text))
    except DeepText:
        return None
    except ValueError:
        return "is no JSON"
    return None if isinstance(found, dict) or not found else "is no JSON object"


def _backends_of(deployed: Deployed) -> Iterator[SecretsBackend]:
    for section, (option, arguments) in OPTIONS.items():
        backend = deployed.effective(section, option, deployed.tasks_run_in)
        if backend is not None and backend.text != "":
            kwargs = deployed.effective(section, arguments, deployed.tasks_run_in)
            yield SecretsBackend(deployed, section, backend, kwargs)
