# make demo and make test need Python 3.10 or newer, git and a package index; nothing else.
# All that they install is locked in locks/: exact versions, and the hashes of their files.
PYTHON ?= python3
VENV ?= .venv
ORACLE ?= .venv-oracle
TESTS ?= tests
UPGRADE ?= --upgrade
BIN := $(VENV)/bin
UV := .venv-uv/bin/uv
INSTALL := $(UV) pip install --quiet --require-hashes --python
LOCK = $(UV) pip compile --quiet --universal --python-version 3.10 --generate-hashes --annotation-style line \
  --exclude-newer "7 days" --custom-compile-command "make lock" $(UPGRADE)
export UV_PYTHON_DOWNLOADS := never
unexport PYTHONDONTWRITEBYTECODE  # hundreds of processes start here, which compile what they import once

.DEFAULT_GOAL := help
.PHONY: help demo test oracle lint ruff mypy pyright compat lowest docs pages lock release bench bench-peers growth fuzz clean

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

compat: $(VENV)/$(TESTS) ## Runs the tests that need no outside program, with a third of the examples: make compat PYTHON=python3.13 VENV=.venv-3.13
	TESTS_IN_BRIEF=1 $(BIN)/pytest --numprocesses auto -m "not real"

lowest: ## The same with the oldest versions that pyproject.toml allows: make lowest PYTHON=python3.10
	@$(MAKE) --no-print-directory compat TESTS=lowest VENV=.venv-lowest

docs: pages $(VENV)/docs ## Writes the pages that the program tells, then builds the site into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

pages: $(VENV)/program ## Writes the pages, the picture and the schema that the program tells.
	$(BIN)/python scripts/write_config_schema.py
	$(BIN)/python -m scripts.write_rule_pages
	$(BIN)/python -m scripts.write_reference
	$(BIN)/python -m scripts.write_picture

lock: $(UV) ## Locks what is installed here anew, at releases of a week ago; UPGRADE= keeps the versions that still fit.
	$(LOCK) pyproject.toml --extra server --group dev --output-file locks/tools.txt
	$(LOCK) pyproject.toml --output-file locks/program.txt --constraints locks/tools.txt
	$(LOCK) --group build --output-file locks/build.txt --constraints locks/tools.txt
	$(LOCK) --group install --output-file locks/install.txt --constraints locks/tools.txt
	$(LOCK) pyproject.toml --extra server --group test --output-file locks/tests.txt --constraints locks/tools.txt
	$(LOCK) pyproject.toml --group docs --output-file locks/docs.txt --constraints locks/tools.txt
	$(LOCK) pyproject.toml --extra server --group test --output-file locks/lowest.txt --resolution lowest-direct
	$(LOCK) --group oracle --output-file locks/oracle.txt
	$(LOCK) --group fuzz --output-file locks/fuzz.txt

release: $(VENV)/tools ## Makes what a release of the commit at hand consists of, below release/: make release TAG=v1.2.3
	$(BIN)/python -m scripts.release "$(TAG)"

bench: $(VENV)/program ## Measures speed, in ratios: make bench CORPUS=/a/folder/of/repositories
	$(BIN)/python -m benchmarks.speed $(if $(CORPUS),--corpus "$(CORPUS)") $(if $(ONLY),--only "$(ONLY)")

bench-peers: $(VENV)/program ## Installs the tools that make bench shows airwarden beside, each below .bench/
	$(BIN)/python -m benchmarks.peers

growth: $(VENV)/program ## Measures how cost grows with what is hostile: make growth ONLY="YAML files" (how names begin)
	$(BIN)/python -m benchmarks.growth $(if $(ONLY),--only $(ONLY))

fuzz: $(VENV)/fuzz ## Gives hostile inputs to every reader, rule and format: make fuzz MINUTES=10 SEEDS=/a/folder/of/repositories
	$(BIN)/python -m fuzzing --minutes "$(or $(MINUTES),10)" --jobs "$$(getconf _NPROCESSORS_ONLN)" $(if $(SEEDS),--seeds "$(SEEDS)")

clean: ## Removes what the other targets made.
	rm -rf $(VENV) $(ORACLE) .venv-lowest .venv-uv .bench .fuzzing build dist release site linter/*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(UV): locks/install.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 10) or sys.exit("airwarden needs Python 3.10 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv-uv
	.venv-uv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@

$(VENV)/program: pyproject.toml locks/program.txt locks/build.txt | $(UV)
	$(PYTHON) -m venv --without-pip $(VENV)
	$(INSTALL) $(BIN)/python --requirement locks/program.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --build-constraints locks/build.txt --editable .
	@touch $@

$(addprefix $(VENV)/,tests lowest docs tools): $(VENV)/%: locks/%.txt $(VENV)/program
	$(INSTALL) $(BIN)/python --requirement $<
	@touch $@

$(VENV)/fuzz: locks/fuzz.txt $(VENV)/tests
	$(INSTALL) $(BIN)/python --requirement $< || echo "atheris can't be installed here; make fuzz does without it"
	@touch $@

$(ORACLE)/ready: locks/oracle.txt | $(UV)
	$(PYTHON) -m venv --without-pip $(ORACLE)
	$(INSTALL) $(ORACLE)/bin/python --requirement $<
	@touch $@
