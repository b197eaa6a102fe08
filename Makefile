# make demo: run and compare the shipped scenarios   make test: all tests   make bench: the speed
# Needs only python3 (3.11 or newer, with venv) and make; uses uv when it is on the PATH.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
DEMO := cost-center-baseline cross-sell-threshold cross-sell-always value-based-offers cost-cutting

.PHONY: demo test quick bench setup schema clean

demo: $(VENV)/.ready
	@$(BIN)/ccprofit compare --replications 5 $(DEMO:%=scenarios/%.yaml)
	@echo
	@echo "Once in each shell: source $(VENV)/bin/activate. Then ccprofit is a command: ccprofit --help"

test: $(VENV)/.ready
	$(BIN)/python -m pytest

quick: $(VENV)/.ready
	$(BIN)/python -m pytest -m "not slow"

bench: $(VENV)/.ready
	$(BIN)/python -m benchmarks.run

schema: $(VENV)/.ready
	$(BIN)/ccprofit schema -o scenarios/scenario.schema.json

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml requirements.lock
	@if command -v uv >/dev/null; then \
	  uv venv --quiet --allow-existing $(VENV) && \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

clean:
	rm -rf $(VENV) build dist
