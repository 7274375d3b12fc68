"""The content of files, whole and in part."""

from __future__ import annotations

import csv
import glob
import gzip
import hashlib
import json
import os
import pickle
import shutil
from pathlib import Path

import boto3
from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.providers.google.cloud.hooks.gcs import GCSHook
from airflow.sdk import task


@task
def whole_text(text_path):
    with open(text_path) as file:
        return file.read()


@task
def whole_text_by_path(text_path):
    return Path(text_path).read_text()


@task
def whole_bytes_decoded(text_path):
    return Path(text_path).read_bytes().decode("utf-8")


@task
def size(text_path):
    return os.path.getsize(text_path)


@task
def length(text_path):
    return len(Path(text_path).read_text())


@task
def checksum(text_path):
    return hashlib.md5(Path(text_path).read_bytes()).hexdigest()


@task
def first_line(text_path):
    with open(text_path) as file:
        return file.readline().strip()


@task
def next_line(text_path):
    with open(text_path) as file:
        return next(file)


@task
def start(text_path):
    with open(text_path) as file:
        return file.read(1024)


@task
def lines(text_path):
    with open(text_path) as file:
        return file.readlines()


@task
def lines_stripped(text_path):
    with open(text_path) as file:
        return [line.strip() for line in file]


@task
def lines_split(text_path):
    return Path(text_path).read_text().splitlines()


@task
def number_of_lines(text_path):
    with open(text_path) as file:
        return sum(1 for _ in file)


@task
def last_line(text_path):
    return Path(text_path).read_text().splitlines()[-1]


@task
def last_lines(text_path):
    with open(text_path) as file:
        return file.readlines()[-20:]


@task
def parsed(json_path):
    with open(json_path) as file:
        return json.load(file)


@task
def parsed_by_loads(json_path):
    return json.loads(Path(json_path).read_text())


@task
def parsed_count(json_path):
    with open(json_path) as file:
        orders = json.load(file)
    return len(orders)


@task
def parsed_first(json_path):
    with open(json_path) as file:
        return json.load(file)[0]


@task
def parsed_field(json_path):
    with open(json_path) as file:
        return json.load(file)[0]["name"]


@task
def parsed_filtered(json_path):
    with open(json_path) as file:
        orders = json.load(file)
    return [order for order in orders if order["amount"] > 100]


@task
def parsed_total(json_path):
    with open(json_path) as file:
        return sum(order["amount"] for order in json.load(file))


@task
def json_lines(jsonl_path):
    with open(jsonl_path) as file:
        return [json.loads(line) for line in file]


@task
def json_lines_appended(jsonl_path):
    orders = []
    with open(jsonl_path) as file:
        for line in file:
            orders.append(json.loads(line))
    return orders


@task
def json_lines_counted(jsonl_path):
    counts = {}
    with open(jsonl_path) as file:
        for line in file:
            city = json.loads(line)["city"]
            counts[city] = counts.get(city, 0) + 1
    return counts


@task
def csv_rows(csv_path):
    with open(csv_path, newline="") as file:
        return list(csv.DictReader(file))


@task
def csv_lists(csv_path):
    with open(csv_path, newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        return [dict(zip(header, row)) for row in reader]


@task
def csv_header(csv_path):
    with open(csv_path, newline="") as file:
        return next(csv.reader(file))


@task
def csv_fieldnames(csv_path):
    with open(csv_path, newline="") as file:
        return csv.DictReader(file).fieldnames


@task
def csv_count(csv_path):
    with open(csv_path, newline="") as file:
        return len(list(csv.reader(file))) - 1


@task
def csv_totals(csv_path):
    totals = {}
    with open(csv_path, newline="") as file:
        for row in csv.DictReader(file):
            totals[row["city"]] = totals.get(row["city"], 0) + float(row["amount"])
    return totals


@task
def csv_selected(csv_path):
    found = []
    with open(csv_path, newline="") as file:
        for row in csv.DictReader(file):
            if row["city"] == "Graz":
                found.append(row)
    return found


@task
def csv_first_match(csv_path):
    with open(csv_path, newline="") as file:
        for row in csv.DictReader(file):
            if row["city"] == "Graz":
                return row
    return None


@task
def unpickled(pickle_path):
    with open(pickle_path, "rb") as file:
        return pickle.load(file)


@task
def unpickled_length(pickle_path):
    with open(pickle_path, "rb") as file:
        return len(pickle.load(file))


@task
def gzipped(text_path, out_path):
    with open(text_path, "rb") as source, gzip.open(out_path, "wb") as target:
        shutil.copyfileobj(source, target)
    return out_path


@task
def gunzipped(text_path, out_path):
    with gzip.open(out_path, "wt") as target:
        target.write(Path(text_path).read_text())
    with gzip.open(out_path, "rt") as file:
        return file.read()


@task
def number_of_characters_written(text_path, out_path):
    return Path(out_path).write_text(Path(text_path).read_text())


@task
def settings():
    with open(Path(__file__).parent / "settings.json") as file:
        return json.load(file)


@task
def query_text():
    return Path(__file__).with_name("queries.sql").read_text()


@task
def paths_of_folder(folder):
    return sorted(str(path) for path in Path(folder).glob("*.csv"))


@task
def names_by_glob(folder):
    return glob.glob(f"{folder}/*.csv")


@task
def names_by_listdir(folder):
    return os.listdir(folder)


@task
def contents_of_folder(folder):
    return {path.name: path.read_text() for path in Path(folder).glob("*.csv")}


@task
def sizes_of_folder(folder):
    return {path.name: path.stat().st_size for path in Path(folder).glob("*.csv")}


@task
def s3_content(key, bucket):
    return S3Hook(aws_conn_id="aws").read_key(key, bucket_name=bucket)


@task
def s3_content_parsed(bucket):
    return json.loads(S3Hook().read_key("orders.json", bucket))


@task
def s3_count(bucket):
    return len(json.loads(S3Hook().read_key("orders.json", bucket)))


@task
def s3_exists(key, bucket):
    return S3Hook().check_for_key(key, bucket)


@task
def s3_keys(bucket):
    return S3Hook().list_keys(bucket, prefix="orders")


@task
def s3_downloaded(key, bucket):
    return S3Hook().download_file(key, bucket)


@task
def boto_content(key, bucket):
    client = boto3.client("s3")
    response = client.get_object(Bucket=bucket, Key=key)
    return response["Body"].read().decode("utf-8")


@task
def boto_length(key, bucket):
    response = boto3.client("s3").get_object(Bucket=bucket, Key=key)
    return response["ContentLength"]


@task
def boto_put(text_path, bucket):
    client = boto3.client("s3")
    client.put_object(Bucket=bucket, Key="copy.log", Body=Path(text_path).read_bytes())
    return f"s3://{bucket}/copy.log"


@task
def gcs_content(key, bucket):
    return GCSHook().download(bucket_name=bucket, object_name=key).decode()


@task
def gcs_file(key, bucket, out_path):
    return GCSHook().download(bucket_name=bucket, object_name=key, filename=out_path)


@task
def errors_in_log(text_path):
    with open(text_path) as file:
        return [line for line in file if "Graz" in line]


@task
def error_count_in_log(text_path):
    with open(text_path) as file:
        return len([line for line in file if "Graz" in line])


@task
def upper(text_path):
    text = Path(text_path).read_text().upper()
    return text.replace("ORDER", "Order")


@task
def is_there_a_word(text_path):
    return "order 17" in Path(text_path).read_text()
