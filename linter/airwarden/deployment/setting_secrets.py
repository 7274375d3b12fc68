"""The secrets that settings hold in plain text, and how much harm each does where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.credentials.backends import backend_credentials, is_for_backend
from airwarden.credentials.connections import connection_of
from airwarden.credentials.sensitive import Fault, env_fault, json_secrets, setting_of
from airwarden.credentials.tokens import has_token
from airwarden.credentials.trial import is_for_trial, is_local_host, urls_are_for_trial
from airwarden.deployment.effective import Deployment
from airwarden.deployment.settings import Setting
from airwarden.findings import Level
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.tracing import traced_property

_PUBLISHED = frozenset(
    {
        "airflow",
        "cryptography_not_found_storing_passwords_in_plain_text",
        "insecure",
        "temporary_key",
    }
)
"""What airflow.cfg had where a secret belongs when Airflow 1 and 2 wrote it."""


@dataclass(frozen=True)
class SettingSecret:
    """A secret that a setting holds: why it is one, and the level that it is worth."""

    setting: Setting
    fault: Fault
    level: Level

    @property
    def name(self) -> str:
        """The variable that sets it."""
        return self.setting.variable


class SettingSecrets:
    """The secrets in all settings files of a repository; those in values of charts are not among them."""

    def __init__(self, repo: Repo) -> None:
        self.tracer = repo.tracer
        self._deployment = repo.analysis(Deployment)

    @traced_property
    def found(self) -> tuple[SettingSecret, ...]:
        """Each secret that is worth a word, in the order of the files."""
        options = (each for each in self._deployment.settings if each.place == "config")
        return tuple(found for each in (*options, *self._deployment.variables) if (found := _judged(each)))

    def of_backends(self) -> Iterator[SettingSecret]:
        """Those that secrets backends get."""
        return (each for each in self.found if is_for_backend(each.name))

    def in_config(self) -> Iterator[SettingSecret]:
        """Those of an airflow.cfg that no secrets backend gets."""
        return (each for each in self._others() if each.setting.is_option)

    def in_variables(self) -> Iterator[SettingSecret]:
        """Those of variables that no secrets backend gets."""
        return (each for each in self._others() if not each.setting.is_option)

    def _others(self) -> Iterator[SettingSecret]:
        return (each for each in self.found if not is_for_backend(each.name))


def _judged(setting: Setting) -> SettingSecret | None:
    text = setting.default if setting.text is None else setting.text
    if not text or not text.strip():
        return None
    fault = env_fault(setting.variable, text)
    if fault is None:
        return None
    level = _level(setting, text)
    return SettingSecret(setting, fault, level) if level else None


def _level(setting: Setting, text: str) -> Level | None:
    """How much harm a secret does. One to try things, for a host that is near, is nobody's loss in container
    files; in an image or an airflow.cfg, which may go further, it is worth a note.
    """
    if not _is_for_trial(setting.variable, text):
        return "error"
    option = setting_of(setting.variable)
    is_key = option is not None and option.form == "literal"
    if setting.place == "config":
        return "error" if "://" not in text and text.strip() not in _PUBLISHED else "note"
    if setting.place == "image":
        return "note"
    is_set = setting.text is not None and setting.place in ("compose", "env")
    return "note" if is_key and is_set else None


def _is_for_trial(variable: str, text: str) -> bool:
    if has_token(text):
        return False
    if variable.startswith("AIRFLOW_CONN_"):
        return _connects_for_trial(text)
    if is_for_backend(variable):
        return all(is_for_trial(each) for _, each in backend_credentials(variable, text))
    secrets = list(json_secrets(text)) or [text]
    return all(urls_are_for_trial(each) if "://" in each else is_for_trial(each) for each in secrets)


def _connects_for_trial(text: str) -> bool:
    connection = connection_of(text)
    if not connection.credentials:
        return urls_are_for_trial(text)
    is_weak = all(is_for_trial(each.value) for each in connection.credentials)
    return is_weak and is_local_host(connection.host)
