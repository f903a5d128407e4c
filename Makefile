# Incontro: `make` lists what can be done. Each target makes its own environment in .venv first.
#
# Settings are environment variables or arguments, as in `make demo PORT=8080 INSTANCE=/srv/incontro`;
# docs/configuration.md names them all.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help install demo test ordeal bench relevance reindex lint format translations clean

VENV := .venv
PYTHON := $(VENV)/bin/python
FLASK := $(PYTHON) -m flask --app wsgi
PIP_INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-input -c constraints.txt

# What `make test`, `make ordeal` run: `make test TESTS="tests/geo -k radius"`.
TESTS := tests
# What `make bench` measures, in offers.
SIZES := 1000,10000,100000

help: ## list what can be done (this)
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.runtime ## make the environment, and start nothing

demo: $(VENV)/.runtime ## start Incontro with its demo district (PORT, INSTANCE)
	@exec $(FLASK) demo

test: $(VENV)/.test ## run every test, with browser and PostgreSQL where they can be had (TESTS)
	@sh tests/support/install_system_packages.sh
	$(PYTHON) -m pytest -n auto $(TESTS)

ordeal: $(VENV)/.test ## run the tests of load and faults, which take minutes
	@sh tests/support/install_system_packages.sh
	$(PYTHON) -m pytest -m ordeal $(TESTS)
	EXAMPLES=20 $(PYTHON) -m pytest -m "hypothesis and not ordeal" -n auto $(TESTS)

bench: $(VENV)/.runtime ## measure search and matching on generated districts (SIZES=1000,10000)
	$(FLASK) bench --sizes $(SIZES)

relevance: $(VENV)/.runtime ## judge the search on queries as people type them
	$(FLASK) relevance

reindex: $(VENV)/.runtime ## build the search index of INSTANCE afresh
	$(FLASK) reindex

lint: $(VENV)/.lint ## check style and likely mistakes
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

format: $(VENV)/.lint ## put code into the house's format
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

translations: $(VENV)/.runtime ## gather new messages into the catalogues and compile them
	$(FLASK) translations update

clean: ## remove the environment (never the instance folder)
	rm -rf $(VENV) *.egg-info

# The stamps are older than setup.cfg or constraints.txt when packages must be installed anew.

$(VENV)/.runtime: setup.cfg constraints.txt | $(PYTHON)
	@echo "Installing the packages into $(VENV) (only now, it takes a minute)..."
	@$(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.test: setup.cfg constraints.txt | $(PYTHON)
	@echo "Installing the packages for the tests into $(VENV) (only now, it takes a minute)..."
	@$(PIP_INSTALL) -e '.[test]'
	@touch $@ $(VENV)/.runtime

$(VENV)/.lint: setup.cfg constraints.txt | $(PYTHON)
	@$(PIP_INSTALL) -e '.[lint]'
	@touch $@ $(VENV)/.runtime

$(PYTHON):
	@for name in python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$name -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making $(VENV) with $$($$name --version)..."; \
			exec $$name -m venv $(VENV); \
		fi; \
	done; \
	echo "Incontro needs Python 3.11 or later with its venv module, and found none on the PATH" \
		"(on Debian: apt install python3 python3-venv)." >&2; \
	exit 1
