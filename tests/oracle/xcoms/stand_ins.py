"""Stands for a few packages that are too large to install: hooks and clients that read the oracle's own inputs."""

from __future__ import annotations

import io
import os
import sys
import types
from pathlib import Path

from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.providers.sqlite.hooks.sqlite import SqliteHook
from airflow.sdk import BaseHook


class PostgresHook(SqliteHook):
    conn_name_attr = "postgres_conn_id"


class SnowflakeHook(SqliteHook):
    conn_name_attr = "snowflake_conn_id"


class S3Hook(BaseHook):
    def __init__(self, aws_conn_id="aws_default", **_):
        super().__init__()

    def read_key(self, key, bucket_name=None):
        return (Path(os.environ["LAKE"]) / key).read_text(encoding="utf-8")

    def list_keys(self, bucket_name=None, prefix="", **_):
        return sorted(path.name for path in Path(os.environ["LAKE"]).glob(f"{prefix}*"))

    def check_for_key(self, key, bucket_name=None):
        return (Path(os.environ["LAKE"]) / key).exists()

    def load_string(self, string_data, key, bucket_name=None, replace=False, **_):
        return None

    def load_bytes(self, bytes_data, key, bucket_name=None, replace=False, **_):
        return None

    def load_file_obj(self, file_obj, key, bucket_name=None, replace=False, **_):
        return None

    def download_file(self, key, bucket_name=None, local_path=None, **_):
        return str(Path(os.environ["LAKE"]) / key)


class GCSHook(BaseHook):
    def __init__(self, gcp_conn_id="google_cloud_default", **_):
        super().__init__()

    def download(self, bucket_name=None, object_name=None, filename=None, **_):
        content = (Path(os.environ["LAKE"]) / object_name).read_bytes()
        if filename:
            Path(filename).write_bytes(content)
            return filename
        return content

    def list(self, bucket_name=None, prefix="", **_):
        return sorted(path.name for path in Path(os.environ["LAKE"]).glob(f"{prefix}*"))

    def upload(self, bucket_name=None, object_name=None, **_):
        return None


class Client:
    def get_object(self, Bucket, Key):
        content = (Path(os.environ["LAKE"]) / Key).read_bytes()
        return {"Body": io.BytesIO(content), "ContentLength": 8}

    def put_object(self, **_):
        return {"ETag": "0"}


STAND_INS = {
    "airflow.providers.amazon.aws.hooks.s3": {"S3Hook": S3Hook},
    "airflow.providers.google.cloud.hooks.gcs": {"GCSHook": GCSHook},
    "airflow.providers.postgres.hooks.postgres": {"PostgresHook": PostgresHook},
    "airflow.providers.snowflake.hooks.snowflake": {"SnowflakeHook": SnowflakeHook},
    "boto3": {"client": lambda *_, **__: Client()},
}


def install():
    """Puts the stand-ins where the real modules would be."""
    assert issubclass(PostgresHook, DbApiHook)
    for name, held in STAND_INS.items():
        parts = name.split(".")
        for depth in range(1, len(parts) + 1):
            path = ".".join(parts[:depth])
            if path not in sys.modules and path not in ("airflow", "airflow.providers"):
                sys.modules[path] = types.ModuleType(path)
                sys.modules[path].__path__ = []
        vars(sys.modules[name]).update(held)
