# make reports | make test | make test-slow | make hostile | make mutants | make lab | make lint | make audit | make bench
# Each makes .venv from the pinned lock if needed; a second call does nothing twice.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Of the slow tests these: a folder, say, or --ignore and one
SLOW ?=

.PHONY: reports test test-slow hostile mutants lab lint audit bench clean
.DELETE_ON_ERROR:

reports: $(VENV)/.reports
	$(BIN)/repdose build

test: $(VENV)/.test
	$(BIN)/pytest -q -m "not slow"

# Both engines over every notebook, a cluster with killed workers, builds killed half way.
test-slow: $(VENV)/.test
	$(BIN)/pytest -q -m slow $(SLOW)

# Broken and malicious inputs: does the command answer each in a sentence, and leave nothing?
hostile: $(VENV)/.test
	$(BIN)/python tests/hostile/attack.py

# Wrong formulas put into what is printed, one at a time: do the tests notice?
mutants: $(VENV)/.test
	$(BIN)/python tests/mutants.py

lab: $(VENV)/.lab
	$(BIN)/jupyter lab notebooks

lint: $(VENV)/.test $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=evidence:analysis $(VENV)/lint/bin/lint-imports

# Licences and known advisories of what the locks install; skipped, and said, without a network.
audit: $(VENV)/.test $(VENV)/.lint
	$(BIN)/python .ci/audit.py

bench: $(VENV)/.test
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "repdose needs Python 3.11 or newer; set PYTHON=, as in: make reports PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

# The package itself is installed in place, without its dependencies: those are the lock's.
$(VENV)/.reports $(VENV)/.test $(VENV)/.lab: $(VENV)/.%: locks/%.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/$*.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# Import-linter has an environment of its own, see pyproject.toml.
$(VENV)/.lint: locks/lint.txt | $(BIN)/python
	$(PYTHON) -m venv $(VENV)/lint
	$(VENV)/lint/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/lint.txt
	touch $@

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache
