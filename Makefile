# People and CI type the same commands. `make help` lists them.
SHELL := /bin/bash
UV := uv
RUN := $(UV) run --frozen
WORKERS ?= 3
# the suite makes thousands of small databases: in memory where there is room for them
ROOM = $(shell [ "$$(df --output=avail -B1G /dev/shm 2>/dev/null | tail -n 1)" -ge 4 ] 2>/dev/null && echo /dev/shm || echo /tmp)
export PLAYWRIGHT_BROWSERS_PATH := 0
# the suite starts many processes: what they load is compiled once, whatever the machine prefers
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup system demo test walks coverage check bench fmt pictures papers audit

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

setup: ## the environment: uv and the locked packages
	@command -v $(UV) >/dev/null || python3 -m pip install --quiet uv
	@$(UV) sync --frozen --quiet

system: ## Debian's packages that the tests need, where this machine may install them
	@deploy/install-system-packages.sh

demo: setup ## a filled demo district on http://127.0.0.1:8000 (staff on the next port; PORT= moves both)
	@$(RUN) jingshi demo

test: setup system ## the suite, on both databases; `make walks` adds the long walks in the browser
	@TMPDIR=$(ROOM) $(RUN) pytest -n $(WORKERS) --dist loadgroup -m "not walk"

walks: setup system ## what takes longer: the walks in the browser, a case of every channel, the week that must leak nothing
	@TMPDIR=$(ROOM) $(RUN) pytest -m walk

coverage: setup system ## the suite on SQLite with the gates of coverage; measured, it runs at half its pace
	@rm -f .coverage .coverage.*
	@TMPDIR=$(ROOM) $(RUN) pytest -n $(WORKERS) --dist loadgroup -m "not walk" -k "not postgresql" --cov --cov-report=
	@$(RUN) coverage report --fail-under=90 >.coverage-report || { cat .coverage-report; exit 1; }
	@tail -n 1 .coverage-report
	@$(RUN) coverage report --include='core/*' --fail-under=95 >.coverage-core || { cat .coverage-core; exit 1; }
	@tail -n 1 .coverage-core

check: setup ## every static check: lint, format, types, import contracts
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@$(RUN) lint-imports

audit: setup ## known vulnerabilities of the locked packages (asks PyPI for its advisories)
	@$(UV) export --frozen --no-emit-project --format requirements-txt --quiet | $(RUN) pip-audit --disable-pip --require-hashes -r /dev/stdin

pictures: setup system ## the pictures in README and docs, taken anew by the tests that show them
	@JINGSHI_PICTURES=$(CURDIR)/docs/pictures $(RUN) pytest -q tests/browser tests/bots/liaison/test_transcript.py

papers: setup ## the pictures of documents, set and measured by LibreOffice (soffice), which is needed here alone
	@$(RUN) python -m tests.core.documents.pictures

bench: setup ## benchmarks as ratios, with the reference beside each (PARTS="cases rounds": some; QUICK=1: less of it)
	@$(RUN) python -m bench

fmt: setup ## format and mend what can be mended
	@$(RUN) ruff format .
	@$(RUN) ruff check --fix .
