"""More files: small ones, parts, archives, settings; and what only looks like content."""

from __future__ import annotations

import configparser
import csv
import io
import json
import os
import tempfile
import zipfile
from collections import Counter
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import requests
import yaml
from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.sdk import task

CONFIG = Path(__file__).parent / "settings.json"


@task
def settings_by_constant():
    return json.loads(CONFIG.read_text())


@task
def settings_by_open():
    with open(CONFIG) as file:
        return json.load(file)


@task
def setting_of_yaml(out_path):
    Path(out_path).write_text("a: 1\n")
    with open(out_path) as file:
        return yaml.safe_load(file)  # a matter of taste


@task
def ini_section(out_path):
    Path(out_path).write_text("[a]\nb = 1\n")
    parser = configparser.ConfigParser()
    parser.read(out_path)
    return dict(parser["a"])


@task
def path_of_file(text_path):
    with open(text_path) as file:
        return file.name


@task
def position(text_path):
    with open(text_path) as file:
        file.seek(0, os.SEEK_END)
        return file.tell()


@task
def state_of_file(text_path):
    state = os.stat(text_path)
    return {"size": state.st_size, "mode": state.st_mode}


@task
def name_and_suffix(text_path):
    path = Path(text_path)
    return {"name": path.name, "suffix": path.suffix, "exists": path.exists()}


@task
def sniffed(csv_path):
    with open(csv_path) as file:
        return csv.Sniffer().sniff(file.read(2048)).delimiter


@task
def first_lines(text_path):
    with open(text_path) as file:
        return list(islice(file, 10))


@task
def first_lines_by_loop(text_path):
    found = []
    with open(text_path) as file:
        for number, line in enumerate(file):
            if number >= 10:
                break
            found.append(line)
    return found


@task
def head_of_text(text_path):
    return Path(text_path).read_text()[:100]


@task
def words(text_path):
    return Counter(Path(text_path).read_text().split()).most_common(5)


@task
def word_count(text_path):
    return len(Path(text_path).read_text().split())


@task
def all_words(text_path):
    return Path(text_path).read_text().split()


@task
def lines_of_city(text_path, city):
    return Path(text_path).read_text().count(city)


@task
def last_line_by_loop(text_path):
    line = ""
    with open(text_path) as file:
        for line in file:
            pass
    return line


@task
def concatenated(folder):
    text = ""
    for path in sorted(Path(folder).glob("*.csv")):
        text += path.read_text()
    return text


@task
def joined(folder):
    return "\n".join(path.read_text() for path in sorted(Path(folder).glob("*.csv")))


@task
def counted_by_file(folder):
    counts = {}
    for path in sorted(Path(folder).glob("*.csv")):
        with path.open() as file:
            counts[path.name] = sum(1 for _ in file)
    return counts


@task
def files_written(folder, out_path):
    os.makedirs(out_path, exist_ok=True)
    written = []
    for path in sorted(Path(folder).glob("*.csv")):
        target = Path(out_path) / path.name
        target.write_text(path.read_text().upper())
        written.append(str(target))
    return written


@task
def temporary(text_path):
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(Path(text_path).read_text())
    return file.name


@task
def written_length(text_path, out_path):
    with open(out_path, "w") as file:
        return file.write(Path(text_path).read_text())


@task
def archive(text_path, out_path):
    with zipfile.ZipFile(out_path, "w") as archive:
        archive.write(text_path, "orders.log")
    return out_path


@task
def archive_names(text_path, out_path):
    with zipfile.ZipFile(out_path, "w") as archive:
        archive.write(text_path, "orders.log")
    with zipfile.ZipFile(out_path) as archive:
        return archive.namelist()


@task
def archive_content(text_path, out_path):
    with zipfile.ZipFile(out_path, "w") as archive:
        archive.write(text_path, "orders.log")
    with zipfile.ZipFile(out_path) as archive:
        return archive.read("orders.log").decode()


@task
def bytes_of_file(text_path):
    return Path(text_path).read_bytes()


@task
def opened_bytes(text_path):
    with open(text_path, "rb") as file:
        return file.read()


@task
def handle(text_path):
    return open(text_path)


@task
def root_of_xml(out_path):
    Path(out_path).write_text("<a><b/></a>")
    return ElementTree.parse(out_path).getroot().tag


@task
def array(csv_path):
    return np.loadtxt(csv_path, delimiter=",", skiprows=1, usecols=0).tolist()


@task
def array_sum(csv_path):
    return float(np.loadtxt(csv_path, delimiter=",", skiprows=1, usecols=0).sum())


@task
def array_shape(csv_path):
    return np.loadtxt(csv_path, delimiter=",", skiprows=1, usecols=(0, 3)).shape


@task
def json_keys(json_path):
    return list(json.loads(Path(json_path).read_text())[0])


@task
def json_type(json_path):
    with open(json_path) as file:
        return type(json.load(file)).__name__


@task
def json_names(json_path):
    with open(json_path) as file:
        return [order["name"] for order in json.load(file)]


@task
def json_by_id(json_path):
    with open(json_path) as file:
        return {order["id"]: order for order in json.load(file)}


@task
def json_sorted(json_path):
    with open(json_path) as file:
        return sorted(json.load(file), key=lambda order: order["amount"])


@task
def json_largest(json_path):
    with open(json_path) as file:
        return max(json.load(file), key=lambda order: order["amount"])


@task
def json_changed(json_path):
    with open(json_path) as file:
        orders = json.load(file)
    for order in orders:
        order["gross"] = order["amount"] * 1.2
    return orders


@task
def json_changed_and_written(json_path, out_path):
    with open(json_path) as file:
        orders = json.load(file)
    for order in orders:
        order["gross"] = order["amount"] * 1.2
    with open(out_path, "w") as file:
        json.dump(orders, file)
    return {"path": out_path, "orders": len(orders)}


@task
def json_cities(json_path):
    with open(json_path) as file:
        return sorted({order["city"] for order in json.load(file)})


@task
def json_grouped(json_path):
    groups = {}
    for order in json.loads(Path(json_path).read_text()):
        groups.setdefault(order["city"], []).append(order)
    return groups


@task
def csv_by_reader_to_list(csv_path):
    with open(csv_path) as file:
        return [row for row in csv.reader(file)]


@task
def csv_column(csv_path):
    with open(csv_path) as file:
        return [row["name"] for row in csv.DictReader(file)]


@task
def csv_by_id(csv_path):
    with open(csv_path) as file:
        return {row["id"]: row["name"] for row in csv.DictReader(file)}


@task
def csv_sum(csv_path):
    with open(csv_path) as file:
        return sum(float(row["amount"]) for row in csv.DictReader(file))


@task
def csv_copied(csv_path, out_path):
    count = 0
    with open(csv_path) as source, open(out_path, "w") as target:
        writer = csv.writer(target)
        for row in csv.reader(source):
            writer.writerow(row)
            count += 1
    return count


@task
def csv_of_s3(bucket):
    text = S3Hook().read_key("orders.csv", bucket)
    return list(csv.DictReader(io.StringIO(text)))


@task
def csv_of_s3_counted(bucket):
    text = S3Hook().read_key("orders.csv", bucket)
    return sum(1 for _ in csv.DictReader(io.StringIO(text)))


@task
def s3_uri(bucket, key):
    hook = S3Hook()
    content = hook.read_key(key, bucket)
    hook.load_string(content.upper(), "upper.csv", bucket, replace=True)
    return f"s3://{bucket}/upper.csv"


@task
def s3_size(bucket, key):
    return len(S3Hook().read_key(key, bucket).encode())


@task
def s3_first_key(bucket):
    return S3Hook().list_keys(bucket)[0]


@task
def token(url):
    response = requests.post(f"{url}/count", data={"user": "me"}, timeout=5)
    return str(response.json()["ok"])


@task
def deep_id(url):
    return requests.get(f"{url}/page", timeout=5).json()["items"][0]["id"]


@task
def state(url):
    data = requests.get(f"{url}/count", timeout=5).json()
    if data["ok"]:
        return "done"
    raise RuntimeError(data)


@task
def text_is(url):
    return "customer 3" in requests.get(f"{url}/orders", timeout=5).text


@task
def size_of_content(url):
    return len(requests.get(f"{url}/orders", timeout=5).content)


@task
def address(url):
    return requests.get(f"{url}/orders", timeout=5).url


@task
def both(url):
    response = requests.get(f"{url}/orders", timeout=5)
    return {"status": response.status_code, "body": response.text}


@task
def both_shortened(url):
    response = requests.get(f"{url}/orders", timeout=5)
    return {"status": response.status_code, "body": response.text[:100]}


@task
def two_fields(url):
    page = requests.get(f"{url}/page", timeout=5).json()
    return {"total": page["total"], "first": page["items"][0]["id"]}


@task
def response_itself(url):
    return requests.get(f"{url}/orders", timeout=5)


@task
def keys_of_answer(url):
    return list(requests.get(f"{url}/page", timeout=5).json().keys())


@task
def until_done(url):
    while True:
        data = requests.get(f"{url}/count", timeout=5).json()
        if data["ok"]:
            return data["count"]
