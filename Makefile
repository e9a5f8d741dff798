# `make demo` and `make test` are all it takes; `make help` lists the rest.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
# The first that runs, is new enough and can make an environment: a name on the PATH may be a shim of a version manager.
USABLE := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c '$(USABLE)' >/dev/null 2>&1 && { command -v "$$name"; break; }; done)
RUN := $(VENV)/bin/python
PORTAL := $(RUN) -m portal
DEMO := PORTAL_DEMO=1 $(PORTAL)
PIP := $(RUN) -m pip install -qq --disable-pip-version-check --require-hashes

.PHONY: help demo demo-reset serve build test proofs backup restore check format lock bench screenshots clean

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

demo: $(VENV)/portal ## Serve the demo provider on http://localhost:8000 (PORT changes it)
	@$(DEMO) demo

demo-reset: $(VENV)/portal ## Throw the demo's data away and make it again
	@$(DEMO) demo --reset --make-only

serve: $(VENV)/portal ## Serve the real thing, with settings from the environment
	@$(PORTAL) serve --migrate

build: $(VENV)/portal ## Build the front end if it is out of date
	@$(PORTAL) build

# Files stay whole, so that what a module shares is made once, and in order: browsers come last (tests/conftest.py).
AT_ONCE := -n 3 --dist loadfile --no-loadscope-reorder

test: $(VENV)/tests ## Run every test (ARGS="-k sign_in" runs some)
	@chromium="$$($(RUN) -m tests.support.chromium)" && PORTAL_CHROMIUM="$$chromium" $(RUN) -m pytest $(AT_ONCE) $(ARGS)

proofs: $(VENV)/tests ## Run the proofs at full length (races, kills, state machines); takes long
	@chromium="$$($(RUN) -m tests.support.chromium)" && PORTAL_CHROMIUM="$$chromium" PORTAL_PROOFS=full $(RUN) -m pytest -m proof --timeout=3600 $(ARGS)

check: $(VENV)/tests ## Format, lint, types, architecture
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy
	@$(RUN) -m pytest -q tests/test_architecture.py

format: $(VENV)/tests ## Format the code
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

lock: $(VENV)/tests ## Write requirements*.txt from requirements*.in: every version and hash
	@$(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" requirements.in -o requirements.txt
	@$(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" requirements-test.in -o requirements-test.txt

backup: $(VENV)/portal ## Write all data into one file (FILE=where), while the portal runs
	@$(PORTAL) backup $(if $(FILE),"$(FILE)")

restore: $(VENV)/portal ## Put a backup in the place of the data (FILE=which, YES=1 over data that is there)
	@test -n "$(FILE)" || { echo "Say which: make restore FILE=var/backups/portal-….backup"; exit 1; }
	@$(PORTAL) restore "$(FILE)" $(if $(YES),--yes)

bench: $(VENV)/tests ## Print the benchmark's table
	@$(RUN) -m bench

screenshots: $(VENV)/tests ## Take the pictures of docs/screenshots
	@$(RUN) -m tests.support.screenshots
	@$(RUN) -m tests.support.mail_pictures docs/screenshots/letters sign_in together

clean: ## Remove what was built and installed; keep the data
	rm -rf $(VENV) .web .web-tools .states .pytest_cache .mypy_cache .ruff_cache

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed. Install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python's venv module is needed. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/portal: $(VENV)/pyvenv.cfg requirements.txt
	@echo "Installing the locked packages ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/tests: $(VENV)/portal requirements-test.txt
	@echo "Installing the locked test tools ..."
	@$(PIP) -r requirements-test.txt
	@touch $@
