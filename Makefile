# Every target makes its own environment: a fresh clone needs Python >= 3.11, a C compiler with OpenMP, and `make demo`.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTHONS := python3.11 python3.12 python3.13 python3

.PHONY: help setup demo test test-quick lint packages bench clean
.DEFAULT_GOAL := help

help:
	@echo "make demo        generate, certify, compile and run a basis on real molecules; writes demo/report.html"
	@echo "make test        all tests"
	@echo "make test-quick  tests without those marked slow"
	@echo "make lint        ruff, mypy and typos"
	@echo "make packages    regenerate the kernel packages under generated/"
	@echo "make bench       time generation and kernels"
	@echo "make setup       the environment alone, in $(VENV)"
	@echo "make clean       remove the environment and everything that was built"

setup: $(STAMP)

# The stamp is touched last: an interrupted installation is taken up again, a complete one is redone only when what it
# was made from changes.
$(STAMP): pyproject.toml constraints.txt
	@set -e; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  found=; \
	  for candidate in $(PYTHONS); do \
	    if $$candidate -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	      found=$$candidate; break; \
	    fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "No usable Python was found: tried $(PYTHONS); install Python 3.11 or newer with its venv module." >&2; \
	    exit 2; \
	  fi; \
	  $$found -m venv --clear $(VENV); \
	fi
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --no-input -c constraints.txt -e '.[torch,flint,notebooks]' --group test --group lint
	@touch $@

demo: $(STAMP)
	$(BIN)/python demo/run.py

test: $(STAMP)
	$(BIN)/python -m pytest

test-quick: $(STAMP)
	$(BIN)/python -m pytest -m "not slow"

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/typos

packages: $(STAMP)
	$(BIN)/python generated/regenerate.py

bench: $(STAMP)
	$(BIN)/python benchmarks/symbolic.py
	$(BIN)/python benchmarks/kernels.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis demo/report.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
