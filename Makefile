# make demo and make test need Python 3.10 or newer, git and a package index; nothing else.
PYTHON ?= python3
VENV ?= .venv
ORACLE ?= .venv-oracle
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test oracle lint ruff mypy pyright compat docs pages bench bench-peers fuzz clean

help: ## Lists these targets.
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

demo: $(VENV)/program ## Runs airwarden on a repository that breaks every core policy, and on the same one mended.
	@scripts/demo $(BIN)/airwarden

test: $(VENV)/tools ## Runs every check of this repository: ruff, mypy, pyright, then all the tests.
	@$(MAKE) --no-print-directory --jobs 3 lint $(ORACLE)/ready
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

oracle: $(VENV)/tests $(ORACLE)/ready ## Compares our verdicts on DAGs, settings, XComs, charts and providers with what real Airflow makes of them.
	$(BIN)/python -m tests.oracle.comparison $(ORACLE)/bin/python
	$(BIN)/pytest --quiet tests/test_oracle_settings.py tests/test_oracle_xcoms.py tests/test_oracle_charts.py
	$(BIN)/python -m tests.installs.judge --fix

lint: ruff mypy pyright ## Runs ruff, mypy and pyright.

ruff: $(VENV)/tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

mypy: $(VENV)/tools
	$(BIN)/mypy

pyright: $(VENV)/tools
	$(BIN)/pyright --pythonpath $(BIN)/python

compat: $(VENV)/tests ## Runs the tests that need no outside program: make compat PYTHON=python3.13 VENV=.venv-3.13
	$(BIN)/pytest --numprocesses auto -m "not real"

docs: pages $(VENV)/docs ## Writes the pages that the program tells, then builds the site into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

pages: $(VENV)/program ## Writes the pages, the picture and the schema that the program tells.
	$(BIN)/python scripts/write_config_schema.py
	$(BIN)/python -m scripts.write_rule_pages
	$(BIN)/python -m scripts.write_reference
	$(BIN)/python -m scripts.write_picture

bench: $(VENV)/program ## Measures speed, in ratios: make bench CORPUS=/a/folder/of/repositories
	$(BIN)/python -m benchmarks.speed $(if $(CORPUS),--corpus "$(CORPUS)") $(if $(ONLY),--only "$(ONLY)")

bench-peers: $(VENV)/program ## Installs the tools that make bench shows airwarden beside, each below .bench/
	$(BIN)/python -m benchmarks.peers

fuzz: $(VENV)/fuzz ## Gives hostile inputs to every reader, rule and format: make fuzz MINUTES=10 SEEDS=/a/folder/of/repositories
	$(BIN)/python -m fuzzing --minutes "$(or $(MINUTES),10)" --jobs "$$(getconf _NPROCESSORS_ONLN)" $(if $(SEEDS),--seeds "$(SEEDS)")

clean: ## Removes what the other targets made.
	rm -rf $(VENV) $(ORACLE) .bench .fuzzing build dist site linter/*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/program: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 10) or sys.exit("airwarden needs Python 3.10 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade "pip>=25.1"
	$(PIP) --quiet install --editable .
	@touch $@

$(VENV)/tests: $(VENV)/program
	$(PIP) install --group test
	@touch $@

$(VENV)/fuzz: $(VENV)/tests
	$(PIP) install --group fuzz || echo "atheris can't be installed here: make fuzz does with mutations and grammars"
	@touch $@

$(VENV)/docs: $(VENV)/program
	$(PIP) install --group docs
	@touch $@

$(VENV)/tools: $(VENV)/program
	$(PIP) install --group dev
	@touch $@

$(ORACLE)/ready: Makefile
	$(PYTHON) -m venv $(ORACLE)
	$(ORACLE)/bin/python -m pip --disable-pip-version-check --quiet install "apache-airflow>=3.3,<4" \
	  apache-airflow-providers-slack apache-airflow-providers-standard \
	  apache-airflow-providers-common-sql apache-airflow-providers-common-io helm-python-sdk \
	  apache-airflow-providers-http apache-airflow-providers-sqlite duckdb pandas polars pyarrow
	@touch $@
