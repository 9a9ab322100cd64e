# Heedful's commands. A fresh machine needs Python 3.11 or newer, pip and make; everything else is installed into .venv.
.POSIX:
PYTHON = python3
BIN = .venv/bin

.PHONY: help demo test check lint types contracts covered bench run clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | sort

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Heedful needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch .venv/ready

.venv/ready-dev: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch .venv/ready-dev

demo: .venv/ready ## run the main job in a scratch folder and keep the console open (ONCE=1: end after the figures)
	$(BIN)/python -m demo $(if $(ONCE),--once)

test: .venv/ready-dev ## all tests: SQLite, PostgreSQL (from a wheel), a browser where Chromium is installed
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready-dev
	$(BIN)/mypy

contracts: .venv/ready-dev
	$(BIN)/lint-imports

check: lint types contracts covered ## lint, format, types, import contracts, all tests with coverage (-j2: types beside the tests)

covered: .venv/ready-dev
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered --cov-report=json:artifacts/coverage.json
	$(BIN)/python -m tests.coverage_floors artifacts/coverage.json

bench: .venv/ready-dev ## the benchmarks; each prints one JSON line
	for bench in bench/bench_*.py; do $(BIN)/python $$bench || exit 1; done

run: .venv/ready ## web, clock and sender together, with the settings of .env
	$(BIN)/heedful run

clean: ## remove what was made
	rm -rf .venv build artifacts .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
