# Everything happens in .venv; the first command makes it. `make help` lists them.

PORT ?= 8000
PYTHON ?= $(shell for name in python3.11 python3 python3.12 python3.13 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$name; break; }; done)
BIN := .venv/bin
READERS := tests/calendar/readers
# A process for each core; tests/processes.py tells which tests stay together.
ON_ALL_CORES := --numprocesses=auto

# Somebody who tries Werkraum need not hear about newer versions of pip.
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help setup demo test check bench words
.DELETE_ON_ERROR:

help:
	@echo "make demo   serve a filled programme at http://127.0.0.1:$(PORT) (PORT=...)"
	@echo "make test   run the tests; what needs a missing service says so and is skipped"
	@echo "make check  all checks, on SQLite and on PostgreSQL with Redis"
	@echo "make bench  measure, and print ratios"
	@echo "make words  collect new messages into the German catalogues"
	@echo "make setup  only prepare .venv"

setup: .venv/ready

demo: .venv/ready
	$(BIN)/werkraum demo --port $(PORT)

test: .venv/ready-for-tests
	$(BIN)/pytest $(ON_ALL_CORES)

check: .venv/ready-for-tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	@echo "== SQLite, and a real browser"
	$(BIN)/pytest $(ON_ALL_CORES)
	@echo "== PostgreSQL and Redis"
	# A second process: tortoise remembers one database per connection name.
	WERKRAUM_TEST_DATABASE=postgres $(BIN)/pytest $(ON_ALL_CORES)

bench: .venv/ready-for-tests
	$(BIN)/python bench

words: .venv/ready-for-tests
	$(BIN)/python -m werkraum_foundation.catalogues de

.venv/bin/python:
	@test -n "$(PYTHON)" || { \
		echo "Werkraum needs Python 3.11 or newer, and none was found." >&2; \
		echo "Name yours: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments." >&2; \
		echo "On Debian and Ubuntu the package python3-venv adds that." >&2; \
		exit 1; }
	$(PYTHON) -m venv .venv

# Stamp files: what is installed is installed once, until a lock file changes.
.venv/ready: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Preparing .venv; this takes about a minute."
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-for-tests: .venv/ready requirements-dev.lock $(READERS)/package-lock.json
	@echo "Adding what the tests need to .venv."
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@# ical.js reads our calendar files in the tests; without npm they skip it.
	@if command -v npm >/dev/null; then \
		npm ci --prefix $(READERS) --ignore-scripts --silent --no-audit --no-fund; fi
	@touch $@
