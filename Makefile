# The two commands of a fresh clone are `make demo` and `make test`; `make` alone lists all.

.DEFAULT_GOAL := help
.PHONY: help install demo test check format faults bench pins ui ui-check browser clean

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The pins are complete. Left to resolve them, pip 23 takes the newest release of what is also wanted
# with an extra, and then misses its hash.
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps
SIDE_BY_SIDE := --numprocesses=3 --dist=worksteal
UV := uv==0.13.9
NPM := $(shell command -v npm 2>/dev/null)
PACKAGES := ui/node_modules/.installed

# The first interpreter that runs and is new enough: a version manager's shim may exist and not run.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo $$name; break; fi; done)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(STAMP) ## Make .venv with the pinned dependencies and the test server

demo: $(STAMP) ## Index a made-up library into a real Typesense and search it (KEEP=1: leave it up)
	@KEEP="$(KEEP)" $(BIN)/python -m tests.demo

test: $(STAMP) $(if $(NPM),$(PACKAGES)) ## Run the whole suite with branch coverage (ARGS="-k swap" for a part)
	@$(BIN)/pytest $(if $(ARGS),$(ARGS),$(SIDE_BY_SIDE) --cov --cov-report=term-missing:skip-covered)

check: $(STAMP) ## Lint, formatting, types, layers, the search page's bundle
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(if $(NPM),$(MAKE) --no-print-directory ui-check,echo "Left out, there is no npm: make ui-check")

format: $(STAMP) ## Rewrite the code as `make check` wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

faults: $(STAMP) ## Break runs in N rounds (300) while people search (FAULT_SEED=...: the same again)
	@FAULT_ROUNDS=$(or $(N),300) $(BIN)/pytest tests/faults/test_rounds.py -q --maxfail=10

bench: $(STAMP) ## Measure speed and memory against their limits (ARGS="database nightly" for a part)
	@$(BIN)/python -m tests.bench $(ARGS)

pins: $(STAMP) ## Compile requirements/dev.txt anew from pyproject.toml
	$(BIN)/python -m venv --clear $(VENV)/pins
	$(VENV)/pins/bin/pip install --quiet "$(UV)"
	$(VENV)/pins/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-emit-index-url --no-emit-find-links --upgrade --quiet \
		--output-file requirements/dev.txt
	rm -rf $(VENV)/pins

ui: $(PACKAGES) ## Build the search page anew from ui/ (needs Node's npm)
	@npm --prefix ui run --silent build

ui-check: $(PACKAGES) ## Check that page's types, and that what is committed is what ui/ builds
	@npm --prefix ui run --silent check

browser: ## Install the Chromium that the tests of the page drive (Debian, as root)
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || { \
		apt-get update --quiet=2 && DEBIAN_FRONTEND=noninteractive \
		apt-get install --quiet=2 --yes --no-install-recommends chromium chromium-driver; }

clean: ## Remove .venv and everything that was built or measured
	rm -rf $(VENV) ui/node_modules build dist .coverage .coverage.* htmlcov .mypy_cache .ruff_cache \
		.pytest_cache .import_linter_cache .hypothesis

$(STAMP): requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and none was found." \
		"Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is" \
		"not Python 3.11 or newer. Name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv module." \
		"On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) --require-hashes -r requirements/dev.txt
	$(PIP) --no-build-isolation --editable .
	@$(BIN)/pip check --quiet --disable-pip-version-check
	@$(BIN)/python -m tests.typesense prepare
	@touch $(STAMP)

$(PACKAGES): ui/package.json ui/package-lock.json ui/.npmrc
	@test -n "$(NPM)" || { echo "The search page is built with Node 20 or newer and its npm, and" \
		"there is none. On Debian: apt-get install nodejs npm" >&2; exit 1; }
	@cd ui && npm ci --ignore-scripts --loglevel=error
	@touch $(PACKAGES)
