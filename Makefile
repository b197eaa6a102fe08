# make demo: run and compare the shipped scenarios   make test: types and all tests   make bench: the speed
# Needs only python3 (3.11 or newer, with venv) and make; uses uv when it is on the PATH.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
DEMO := cost-center-baseline cross-sell-threshold cross-sell-always value-based-offers cost-cutting

.PHONY: demo test quick guides bench setup schema reference example clean

demo: $(VENV)/.ready
	@$(BIN)/ccprofit compare --replications 5 $(DEMO:%=scenarios/%.yaml)
	@echo
	@echo "Once in each shell: source $(VENV)/bin/activate. Then ccprofit is a command: ccprofit --help"

# Types are checked while the engine compiles, which takes one core alone.
test: $(VENV)/.ready-dev
	@$(BIN)/pyright --pythonpath $(BIN)/python & types=$$!; \
	$(BIN)/python -m pytest; tests=$$?; \
	wait $$types && exit $$tests

quick: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -m "not slow and not guide"

# Every command of the guides in docs/, played: four minutes, apart from the tests, which take twenty.
guides: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -m guide tests/docs

bench: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks.run

schema: $(VENV)/.ready
	$(BIN)/ccprofit schema -o scenarios/scenario.schema.json

reference: $(VENV)/.ready
	$(BIN)/python -m sim.cli.reference docs/reference

# The gallery: what a board gets, of a path that is shipped.
example: $(VENV)/.ready
	$(BIN)/python -m sim.cli.example results/example

setup: $(VENV)/.ready-dev

# Each lock file is installed on its own, so that the demo does not wait for what only tests need.
ifneq ($(shell command -v uv),)
VENV_IS_MADE = uv venv --quiet --allow-existing $(VENV)
INSTALL = uv pip install --quiet --python $(BIN)/python
else
VENV_IS_MADE = $(PYTHON) -m venv $(VENV)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
endif

$(VENV)/.ready: pyproject.toml requirements.lock
	@$(VENV_IS_MADE)
	@$(INSTALL) --require-hashes --no-deps -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	@$(INSTALL) --require-hashes --no-deps -r requirements-dev.lock
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null || true
	@touch $@

clean:
	rm -rf $(VENV) build dist
