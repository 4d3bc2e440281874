# Everything that a person runs. `make` alone lists it.
VENV ?= .venv
# TensorFlow has wheels for Python 3.11 to 3.13. The first of these that starts and is one of them; a name
# that exists need not start (pyenv).
SUITS := -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
PYTHON ?= $(shell for p in python3 python3.12 python3.13 python3.11 python; do \
  $$p $(SUITS) >/dev/null 2>&1 && { echo $$p; break; }; done)
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-input --no-compile
PIN := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" \
  $(if $(UPGRADE),--upgrade-package $(UPGRADE))
# What only developers need, some hundred packages: uv asks for all at once, pip for one after another.
INSTALL_FAST := $(BIN)/uv pip install --python $(BIN)/python
PORT ?= 8501
WORKERS ?= 2
BROWSERS ?= 2

# What Python has compiled it keeps, also where the environment says otherwise, as images of containers often do: every
# start would else compile Streamlit and TensorFlow anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run serve test test-core lint format lock distributed cluster statistics reproduce benchmarks clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.project  ## serve Raut on http://localhost:8501 (needs internet the first time only)
	$(BIN)/python -m serving.local --server.port $(PORT)

serve: $(VENV)/.project  ## open Raut to a classroom: HTTPS, access code, QR code [PORT=8501] [ADDRESS=192.168.1.20]
	@$(BIN)/python -m serving --port $(PORT) $(if $(ADDRESS),--address $(ADDRESS))

test: $(VENV)/.tests  ## all tests; those in a browser want Debian's chromium, else they are skipped [WORKERS=2 BROWSERS=2]
	@failed=0; \
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not browser" || failed=1; \
	$(BIN)/python -m pytest -n $(BROWSERS) --dist loadfile --no-loadscope-reorder tests/e2e -m browser || failed=1; \
	exit $$failed

test-core: $(VENV)/.tests  ## the quick part of the tests: no browser, no training
	$(BIN)/python -m pytest -m "not slow" --ignore tests/e2e

lint: $(VENV)/.tests  ## ruff, its formatter in check mode, mypy on fer_core, pages, serving and app.py
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.tests  ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# What is pinned already stays as long as it is within the bounds.
lock: $(VENV)/.lock  ## pin what pyproject.toml asks for in requirements*.txt, for all platforms [UPGRADE=numpy]
	$(PIN) pyproject.toml -o requirements.txt
	$(PIN) -c requirements.txt --group dev -o requirements-dev.txt
	for group in cluster distributed statistics build lock; do \
	  $(PIN) -c requirements.txt -c requirements-dev.txt --group $$group -o requirements-$$group.txt || exit 1; done

distributed: $(VENV)/.distributed  ## install JAX, for training in several processes or on several machines

cluster: $(VENV)/.cluster  ## install Dask, for analysing photos on several machines

statistics: $(VENV)/.statistics  ## install what makes the statistics of FER2013 anew

reproduce: $(VENV)/.project  ## train a shipped network again and compare: make reproduce MODEL=raut-compact [SEED=2]
	$(BIN)/python -m fer_core reproduce $(MODEL) $(if $(SEED),--seed $(SEED))

benchmarks: $(VENV)/.tests  ## all measurements, one table each
	@failed=0; \
	for benchmark in $$(grep -l __main__ benchmarks/*.py); do echo "== $$benchmark"; $(BIN)/python $$benchmark || failed=1; done; \
	exit $$failed

clean:  ## remove the environment and every cache; data, models and runs stay
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache

# A stamp is written last, so that an installation that broke off is taken up again.
$(VENV)/.python:
	@$(or $(PYTHON),false) $(SUITS) || { echo "Raut needs Python 3.11, 3.12 or 3.13: install one of them, or name \
	it with make PYTHON=/path/to/python3.12 (here: $(or $(PYTHON),none of them))"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

# Everything comes with the hash of its file: a file that differs is refused.
$(VENV)/.build: requirements-build.txt | $(VENV)/.python
	$(INSTALL) --require-hashes -r requirements-build.txt
	@touch $@

$(VENV)/.runtime: requirements.txt $(VENV)/.build
	$(INSTALL) --require-hashes -r requirements.txt
	@touch $@

# The project itself, editable, by what is installed already and without a look at the network. Its place is
# written into the environment, so it is installed again where the folder has been moved.
ifneq ($(shell cat $(VENV)/.project 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/.project
endif
$(VENV)/.project: pyproject.toml fer_core/__init__.py $(VENV)/.runtime
	$(INSTALL) --quiet --no-index --no-deps --no-build-isolation --editable .
	@pwd -P > $@

$(VENV)/.distributed: requirements-distributed.txt $(VENV)/.runtime | $(VENV)/.project
	$(INSTALL) --require-hashes -r requirements-distributed.txt
	@touch $@

$(VENV)/.cluster: requirements-cluster.txt $(VENV)/.runtime | $(VENV)/.project
	$(INSTALL) --require-hashes -r requirements-cluster.txt
	@touch $@

$(VENV)/.statistics: requirements-statistics.txt $(VENV)/.runtime | $(VENV)/.project
	$(INSTALL) --require-hashes -r requirements-statistics.txt
	@touch $@

$(VENV)/.tests: requirements-dev.txt $(VENV)/.runtime | $(VENV)/.project $(VENV)/.lock
	$(INSTALL_FAST) --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.lock: requirements-lock.txt $(VENV)/.build
	$(INSTALL) --require-hashes -r requirements-lock.txt
	@touch $@
