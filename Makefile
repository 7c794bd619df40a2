# Every target makes its own environment: a fresh clone needs Python >= 3.11, a C compiler with OpenMP, and `make demo`.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTHONS := python3.11 python3.12 python3.13 python3

CORES ?= $(shell getconf _NPROCESSORS_ONLN)
# One worker for each core; tests of one xdist_group run in one worker, one after the other.
PYTEST := $(BIN)/python -m pytest
PARALLEL := -n $(CORES) --dist loadgroup
# The slow tests are in two parts, of which a run takes one: the last hexadecimal digit of the commit says which, so that
# each commit has its own. Without git it is 0, and a number in the environment wins.
INVGEN_SLOW_TURN ?= $(shell commit=$$(git rev-parse --verify HEAD 2>/dev/null || echo 0); echo $$((0x$${commit: -1} % 2)))

# Folders of invgen, and of tests, that need no torch; tests/test_layers.py holds them to it.
EXACT := algebra spaces contractions reduction basis show ir passes
LINT_BIN := .venv-lint/bin
LINT_STAMP := .venv-lint/.installed
LOWEST_BIN := .venv-lowest/bin
LOWEST_STAMP := .venv-lowest/.installed
# Programs whose models are accelerated, each in a folder of its own: they pin versions that exclude one another.
PEERS := mace nequip
TESTS_mace := tests/interop/test_mace.py tests/interop/test_foundation.py
TESTS_nequip := tests/interop/test_nequip.py tests/interop/test_allegro.py

# Imported modules are compiled once and kept, wherever this is run: most of what it takes to import torch is compiling it,
# and many tests start processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test test-all test-quick test-exact test-lowest test-peers lint lint-types types docs docs-notebooks linkcheck packages bench clean
.DEFAULT_GOAL := help

help:
	@echo "Times are for two cores, without the environments, which are made once."
	@echo "make demo         generate, certify, compile and run a basis on real molecules; writes demo/report.html"
	@echo "make test-exact   tests of the stages without torch                        50 s"
	@echo "make test-quick   tests without those marked slow                          2.5 min"
	@echo "make test         those, and one half of the slow ones, by the commit        7 min"
	@echo "make test-all     all tests, which are both halves                         12 min"
	@echo "make test-lowest  a few tests with the lowest versions that are supported  30 s"
	@echo "make test-peers   accelerated models beside the programs that they come from"
	@echo "make lint         ruff, typos, mypy of the folders without torch           10 s; its environment: 20 s"
	@echo "make types        mypy of everything                                       1 min"
	@echo "make docs         the documentation site, in build/docs                    20 s"
	@echo "make docs-notebooks  the site with what the notebooks show, which are run first"
	@echo "make linkcheck    links of the documentation to other sites; needs a network"
	@echo "make packages     regenerate the kernel packages under generated/"
	@echo "make bench        time generation and kernels"
	@echo "make setup        the environment alone, in $(VENV)                        2 min"
	@echo "make clean        remove the environments and everything that was built"

setup: $(STAMP)

# The command that makes a virtual environment with a usable Python and a pip that reads dependency groups.
define make_environment
	@set -e; \
	if ! $(1)/bin/python -m pip --version >/dev/null 2>&1; then \
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
	  $$found -m venv --clear $(1); \
	fi
	$(1)/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
endef

# Modules are compiled when they are imported, which most never are: to compile all takes longer than to install them.
# The stamp is touched last: an interrupted installation is taken up again, a complete one is redone only when what it
# was made from changes.
$(STAMP): pyproject.toml constraints.txt
	$(call make_environment,$(VENV))
	$(BIN)/python -m pip install --quiet --no-input --no-compile -c constraints.txt -e '.[torch,flint,notebooks,fields]' --group test --group lint --group docs
	@touch $@

demo: $(STAMP)
	$(BIN)/python demo/run.py

test: $(STAMP)
	INVGEN_SLOW_TURN=$(INVGEN_SLOW_TURN) $(PYTEST) $(PARALLEL)

test-all: $(STAMP)
	INVGEN_SLOW_TURN= $(PYTEST) $(PARALLEL)

test-quick: $(STAMP)
	$(PYTEST) $(PARALLEL) -m "not slow"

# --without-torch turns every import of torch into an error.
test-exact: $(STAMP)
	$(PYTEST) $(PARALLEL) --without-torch -m "not slow" $(EXACT:%=tests/%) tests/cli/test_commands.py tests/test_layers.py

# The lowest versions that pyproject.toml states, on the lowest Python that there is here.
$(LOWEST_STAMP): pyproject.toml constraints.txt tests/support/lowest.py
	$(call make_environment,.venv-lowest)
	$(LOWEST_BIN)/python -m tests.support.lowest > .venv-lowest/constraints.txt
	$(LOWEST_BIN)/python -m pip install --quiet --no-input --no-compile -c .venv-lowest/constraints.txt -e '.[torch,flint]' pytest pytest-xdist hypothesis
	@touch $@

test-lowest: $(LOWEST_STAMP)
	$(LOWEST_BIN)/python -m pytest $(PARALLEL) -m "not slow" tests/algebra/test_exact.py tests/spaces/test_space.py tests/basis/test_file.py tests/basis/test_generation.py tests/ir/test_program.py tests/runtime/test_kernel.py

# A folder `tests` among the packages would hide ours.
.peers/%/.installed: tests/support/peers_%.txt $(STAMP)
	rm -rf .peers/$*
	$(BIN)/python -m pip install --quiet --no-input --no-compile --no-deps --target .peers/$* -r $<
	rm -rf .peers/$*/tests
	@touch $@

test-peers: $(PEERS:%=test-peer-%)

.PRECIOUS: .peers/%/.installed

# INVGEN_PEERS turns the skip of a missing program into an error.
test-peer-%: .peers/%/.installed
	INVGEN_PEERS=$* PYTHONPATH=$$PWD/.peers/$* $(PYTEST) $(TESTS_$*)

$(LINT_STAMP): pyproject.toml constraints.txt
	$(call make_environment,.venv-lint)
	$(LINT_BIN)/python -m pip install --quiet --no-input --no-compile -c constraints.txt --group lint
	@touch $@

lint: lint-types
	$(LINT_BIN)/ruff check
	$(LINT_BIN)/ruff format --check
	$(LINT_BIN)/typos

lint-types: $(LINT_STAMP)
	$(LINT_BIN)/mypy --follow-imports=silent --ignore-missing-imports --cache-dir .mypy_cache/lint invgen/*.py $(EXACT:%=invgen/%)

types: $(STAMP)
	$(BIN)/mypy

# Warnings are errors; -n makes a name that leads nowhere a warning.
docs: $(STAMP)
	$(BIN)/python -m sphinx -q -n -W --keep-going -b html docs build/docs
	@echo "build/docs/index.html"

docs-notebooks: $(STAMP)
	$(BIN)/python docs/_site/notebooks.py build/notebooks
	$(BIN)/python -m sphinx -q -n -W --keep-going -D notebooks_executed=$(CURDIR)/build/notebooks -b html docs build/docs
	@echo "build/docs/index.html"

linkcheck: $(STAMP)
	$(BIN)/python -m sphinx -q -b linkcheck docs build/linkcheck || cat build/linkcheck/output.txt

packages: $(STAMP)
	$(BIN)/python generated/regenerate.py

bench: $(STAMP)
	$(BIN)/python benchmarks/symbolic.py
	$(BIN)/python benchmarks/kernels.py

clean:
	rm -rf $(VENV) .venv-lint .venv-lowest .peers build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis demo/report.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
