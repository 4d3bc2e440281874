# Everything that a person runs. `make` alone lists it.
VENV ?= .venv
# TensorFlow has wheels for Python 3.11 to 3.13. The first of these that starts and is one of them; a name
# that exists need not start (pyenv).
SUITS := -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
PYTHON ?= $(shell for p in python3 python3.12 python3.13 python3.11 python; do \
  $$p $(SUITS) >/dev/null 2>&1 && { echo $$p; break; }; done)
BIN := $(VENV)/bin
PORT ?= 8501
WORKERS ?= 2

.PHONY: help run serve test test-core lint format lock distributed cluster reproduce benchmarks clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.runtime  ## serve Raut on http://localhost:8501 (needs internet the first time only)
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

serve: $(VENV)/.runtime  ## open Raut to a classroom: HTTPS, access code, QR code [PORT=8501] [ADDRESS=192.168.1.20]
	@$(BIN)/python -m serving --port $(PORT) $(if $(ADDRESS),--address $(ADDRESS))

test: $(VENV)/.tests  ## all tests; those in a browser want Debian's chromium, else they are skipped [WORKERS=2]
	@failed=0; \
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not alone" || failed=1; \
	$(BIN)/python -m pytest tests/e2e -m alone || failed=1; \
	exit $$failed

test-core: $(VENV)/.tests  ## the quick part of the tests: no browser, no training
	$(BIN)/python -m pytest -m "not slow" --ignore tests/e2e

lint: $(VENV)/.tests  ## ruff, its formatter in check mode, mypy on fer_core and serving
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.tests  ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.tests  ## pin again, for all platforms, what requirements*.txt ask for
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q requirements.txt -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q -c requirements.lock requirements-distributed.txt -o requirements-distributed.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q -c requirements.lock requirements-cluster.txt -o requirements-cluster.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q requirements-dev.txt -o requirements-dev.lock

distributed: $(VENV)/.distributed  ## install JAX, for training in several processes or on several machines

cluster: $(VENV)/.cluster  ## install Dask, for analysing photos on several machines

reproduce: $(VENV)/.runtime  ## train a shipped network again and compare: make reproduce MODEL=raut-compact [SEED=2]
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

$(VENV)/.runtime: requirements.lock | $(VENV)/.python
	$(BIN)/python -m pip install --disable-pip-version-check --no-input --no-compile -r requirements.lock
	@touch $@

$(VENV)/.distributed: requirements-distributed.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --disable-pip-version-check --no-input --no-compile -r requirements-distributed.lock
	@touch $@

$(VENV)/.cluster: requirements-cluster.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --disable-pip-version-check --no-input --no-compile -r requirements-cluster.lock
	@touch $@

$(VENV)/.tests: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --disable-pip-version-check --no-input --no-compile -r requirements-dev.lock
	@touch $@
