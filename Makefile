# The two commands of a fresh clone are `make demo` and `make test`; `make` alone lists all.

.DEFAULT_GOAL := help
.PHONY: help install demo test check format bench pins clean

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
UV := uv==0.13.9

# The first interpreter that runs and is new enough: a version manager's shim may exist and not run.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo $$name; break; fi; done)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(STAMP) ## Make .venv with the pinned dependencies and the test server

demo: $(STAMP) ## Index a made-up library into a real Typesense and search it (KEEP=1: leave it up)
	@KEEP="$(KEEP)" $(BIN)/python -m tests.demo

test: $(STAMP) ## Run the whole suite with branch coverage (ARGS="-k swap" for a part)
	@$(BIN)/pytest $(if $(ARGS),$(ARGS),--cov --cov-report=term-missing:skip-covered)

check: $(STAMP) ## Lint, formatting, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## Rewrite the code as `make check` wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) ## Measure speed and memory against their limits
	@$(BIN)/python -m tests.bench

pins: $(STAMP) ## Compile requirements/dev.txt anew from pyproject.toml
	$(BIN)/python -m venv --clear $(VENV)/pins
	$(VENV)/pins/bin/pip install --quiet "$(UV)"
	$(VENV)/pins/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-emit-index-url --no-emit-find-links --upgrade --quiet \
		--output-file requirements/dev.txt
	rm -rf $(VENV)/pins

clean: ## Remove .venv and everything that was built or measured
	rm -rf $(VENV) build dist .coverage .coverage.* htmlcov .mypy_cache .ruff_cache \
		.pytest_cache .import_linter_cache .hypothesis

$(STAMP): requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and none was found." \
		"Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is" \
		"not Python 3.11 or newer. Name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv module." \
		"On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m tests.typesense prepare
	@touch $(STAMP)
