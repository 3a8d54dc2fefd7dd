# Targets of the house; `make` alone lists them. The environment is .venv, what runs leave behind goes under var/.
PYTHON ?= python3.11
BIN := .venv/bin
export SEKAPS_HOME ?= $(CURDIR)/var
# Machines may be slow and shared: give the embedded Prefect server time to start, and keep it to itself.
export PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS ?= 180
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo ui test check lint types imports schema cover others bench lock messages clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) install --no-deps --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip --disable-pip-version-check check >/dev/null
	@touch $@

.venv/ready-dev: requirements-dev.txt .venv/ready
	$(PIP) install --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

demo: .venv/ready ## Play the whole published 2023 year with the demo country, and write its report
	$(BIN)/sekaps rehearse --year 2023 --scale 0.01 --seed 7

ui: .venv/ready ## Open the same data in a Prefect server that stays up
	$(BIN)/sekaps ui

test: cover others ## Run the tests (without PostgreSQL or Chromium it says what it left out)

check: lint types imports schema test ## Everything CI runs

lint: .venv/ready-dev ## Style and common errors (ruff)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready-dev ## Types (mypy --strict)
	$(BIN)/mypy

imports: .venv/ready-dev ## Imports point down the layers only
	$(BIN)/lint-imports

schema: .venv/ready-dev ## Migrations give exactly the models' schema
	$(BIN)/sekaps db check

cover: .venv/ready-dev ## The unit tests reach every line and branch of the calendar and of the rules
	$(BIN)/python -m pytest tests/unit --cov=sekaps.calendar --cov=sekaps.domain --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100

others: .venv/ready-dev ## The tests that need files, databases, a Prefect server or a browser
	$(BIN)/python -m pytest tests/database tests/evidence tests/flows tests/browser -rs --numprocesses auto --dist loadfile

.venv/ready-bench: requirements-bench.txt .venv/ready-dev
	$(PIP) install --no-deps --require-hashes -r requirements-bench.txt
	@touch $@

bench: .venv/ready-bench ## Measure against peers and floors in the same run
	$(BIN)/python benchmarks/run.py

messages: .venv/ready-dev ## Extract the sentences, update and compile the Turkish ones
	$(BIN)/pybabel --quiet extract -k text -k _ --no-location --ignore-dirs 'migrations .* _*' --msgid-bugs-address sekaps -o .venv/sekaps.pot sekaps
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --no-wrap -i .venv/sekaps.pot -d sekaps/locale -D sekaps -l tr
	$(BIN)/pybabel compile -d sekaps/locale -D sekaps

lock: .venv/ready-dev ## Pin every dependency with its hashes, from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --no-strip-extras pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --no-strip-extras --extra dev pyproject.toml -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --no-strip-extras --extra dev --extra peers pyproject.toml -o requirements-bench.txt

clean: ## Remove the environment and everything runs left behind
	rm -rf .venv var
