# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
#
# Needs Python 3.11 or newer and make. Everything that is made lies below .work/; `make clean` removes it.

PYTHON ?= python3
WORK := .work
CHECK := $(PYTHON) tests/check.py
# More arguments for what is started: make integration ARGS="--target server --core core-newest"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test lint sanity unit integration test-cross test-runbooks coverage test-matrix test-examples docs dist test-dist openstack-up openstack-down test-openstack test-fleet test-faults test-browser sandbox bench environments clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

demo: environment-demo ## play a story on the embedded cloud: servers made, changed, listed and removed
	@$(WORK)/demo/bin/python tests/demo.py $(ARGS)

test: ## lint, sanity, unit and integration, on the oldest and the newest ansible-core
	@$(CHECK)

lint: ## ruff, yamllint, antsibull-changelog, ansible-lint
	@$(CHECK) lint

sanity: ## ansible-test sanity, without containers and without an ignore file
	@$(CHECK) sanity

unit: ## the unit tests on both cores
	@$(CHECK) unit

integration: environment-core-oldest environment-core-newest ## the integration targets against the sandbox; ARGS="--target server --keep" and more
	@$(WORK)/core-newest/bin/python tests/integration/run.py $(ARGS)

test-cross: ## the integration targets on the pairs of core and dress that `make test` leaves out
	@$(CHECK) cross

coverage: environment-coverage ## how much of the plugins the unit tests run, and which lines they do not
	@COVERAGE_FILE=$(WORK)/coverage.db $(WORK)/coverage/bin/python -m pytest -q -n 2 --cov=plugins --cov-branch --cov-report=term-missing:skip-covered $(ARGS)

test-matrix: ## sanity and unit tests on every supported ansible-core that `make test` leaves out
	@$(CHECK) matrix

test-examples: environment-core-newest ## whatever the documentation shows, played on the sandbox; ARGS="server readme --keep"
	@$(WORK)/core-newest/bin/python tests/examples $(ARGS)

docs: environment-sphinx ## the documentation site, .work/docs/site/index.html; fails on any warning
	@$(WORK)/sphinx/bin/python tests/docs.py

dist: environment-core-newest ## build the artifact, look into it, install it elsewhere, play the demo from there
	@$(WORK)/core-newest/bin/python tests/dist.py

test-runbooks: ## the roles and playbooks as users play them, rehearsed, done, done again, interrupted
	@$(CHECK) runbooks

test-dist: environment-core-newest environment-galaxy ## the same, and Galaxy's importer, ansible-builder, ansible-runner, and a newcomer with the README
	@$(WORK)/core-newest/bin/python tests/dist.py --all

test-fleet: environment-core-newest ## the module fleet: its rates, its guards, and killed at fifty moments; ARGS="--part killed --seed 7"
	@$(WORK)/core-newest/bin/python tests/fleet $(ARGS)

openstack-up: ## a real OpenStack on this machine, on loopback; needs Debian, root and Python 3.11
	@$(PYTHON) tests/openstack up

openstack-down: ## end it; ARGS=--wipe forgets its state too
	@$(PYTHON) tests/openstack down $(ARGS)

test-openstack: ## the integration targets on a real OpenStack, and the sandbox compared with it; ARGS="--target server"
	@$(PYTHON) tests/openstack test $(ARGS)

test-faults: environment-core-newest ## every module meets every fault at the wire; ARGS="--module server --fault 500"
	@$(WORK)/core-newest/bin/python tests/faults $(ARGS)

test-browser: environment-browser environment-core-oldest ## the page of fleet_report, in a headless Chromium, which is installed when it is missing
	@$(WORK)/browser/bin/python tests/browser

sandbox: environment-demo ## keep an embedded cloud running and print what to export; ARGS="--dress openstack --port 8774"
	@$(WORK)/demo/bin/python tests/sandbox $(ARGS)

bench: environment-bench ## times, side by side with peers; ARGS="--row server --rounds 30"
	@$(WORK)/bench/bin/python tests/bench $(ARGS)

environments: environment-core-oldest environment-core-newest environment-lint environment-demo ## make all virtual environments now

environment-%:
	@$(PYTHON) tests/environments.py $*

clean: ## remove everything that was made
	@if [ -d $(WORK)/openstack/run ]; then $(PYTHON) tests/openstack down; fi
	rm -rf $(WORK) .ansible tests/output
	find plugins tests -name __pycache__ -type d -prune -exec rm -rf {} +
