# Backhaul's commands. `make demo` and `make test` need Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

MEETINGS := $(BIN)/python -m pytest -q tests/connector/services/test_take_from_device.py

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench e2e crash requirements

help:
	@echo "make demo     a demo shop on http://127.0.0.1:8000"
	@echo "make test     everything that is checked, in under an hour"
	@echo "make check    style, types, imports, layout"
	@echo "make e2e      the browser journeys in full, and 10,000 conversations"
	@echo "make crash    kill the story at every step, many times; 1,000 returns at once; hundreds of random lives"
	@echo "make bench    the figures of benchmarks/README.md"

setup: .venv/runtime

.venv/bin/python:
	@$(PYTHON) -c "$(NEW_ENOUGH)" || { echo "Backhaul needs Python 3.11 or newer; name it with: make PYTHON=python3.11"; exit 2; }
	@echo "Making .venv"
	@$(PYTHON) -m venv .venv || { echo "This Python cannot make a virtual environment (Debian: the package python3-venv)."; exit 2; }

.venv/runtime: .venv/bin/python requirements-build.txt requirements.txt pyproject.toml
	@echo "Installing what Backhaul stands on (pinned and hashed; about a minute the first time)"
	@$(PIP) install --require-hashes -r requirements-build.txt
	@$(PIP) install --require-hashes --use-pep517 --no-build-isolation -r requirements.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@$(BIN)/python -m compileall -q adapters bot connector domain webhooks
	@touch $@

.venv/development: .venv/runtime requirements-dev.txt
	@echo "Installing what the tests need (pinned and hashed)"
	@$(PIP) install --require-hashes --use-pep517 --no-build-isolation -r requirements-dev.txt
	@touch $@

demo: .venv/runtime
	@exec $(BIN)/backhaul demo

check: .venv/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/house

test: check
	$(BIN)/python -m pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile --ignore=tests/house

e2e: .venv/development
	$(BIN)/python -m pytest -q tests/journeys -m browser
	BACKHAUL_TEST_CONVERSATIONS=10000 $(BIN)/python -m pytest -q tests/bot/test_any_talk.py

crash: .venv/development
	BACKHAUL_TEST_SETTLEMENT_KILLS=1000 BACKHAUL_TEST_KILLS=200 BACKHAUL_TEST_LETTERBOX_KILLS=100 $(BIN)/python -m pytest -q -rP tests/crash
	@export BACKHAUL_TEST_INTERLEAVINGS=1000; $(MEETINGS) -k "not postgresql" & one=$$!; $(MEETINGS) -k postgresql && wait $$one
	BACKHAUL_TEST_MANY_RETURNS=1000 BACKHAUL_TEST_LIVES=100 $(BIN)/python -m pytest -q tests/processes/test_many_at_once.py tests/connector/services/test_any_life.py

bench: .venv/development
	$(BIN)/python -m benchmarks

# Pins anew what pyproject.toml asks for; needs the program uv.
requirements:
	echo "setuptools>=80" | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate - -o requirements-build.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
