# Each target works as the first command on a machine with Python (venv), make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One more than there are processors: some tests wait for a server.
WORKERS := $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test lint pipelines bench clean

# A scenario that closes the gate ends as the gate does; only the one that opens it can fail the target.
demo: $(VENV)/run
	@$(BIN)/cce-gate demo $(SCENARIO) || { code=$$?; case "$(SCENARIO)" in ""|pass) exit $$code;; esac; \
		echo "(exit code $$code: what a pipeline would see)"; }

test: $(VENV)/test
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

lint: $(VENV)/lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Runs the action, the component and the snippets in the programs that they are for. Needs node, npm and rsync.
pipelines: $(VENV)/pipelines $(VENV)/node
	$(BIN)/python -m pytest -o addopts="-q --strict-markers --strict-config" -o faulthandler_timeout=400 \
		--numprocesses auto tests/pipelines $(ARGS)

bench: $(VENV)/test
	$(BIN)/python -m tests.bench

clean:
	rm -rf $(VENV) build *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run $(VENV)/test $(VENV)/lint $(VENV)/pipelines: $(VENV)/%: requirements/%.txt setup.cfg pyproject.toml | $(VENV)/bin/python
	@echo "installing requirements/$*.txt"
	@$(BIN)/python -m pip install --quiet --require-hashes -r $<
	@$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/node: requirements/node/package.json requirements/node/package-lock.json | $(VENV)/bin/python
	@echo "installing requirements/node"
	@rm -rf $@ && mkdir -p $@ && cp $^ $@
	@npm ci --prefix $@ --no-audit --no-fund --silent
	@touch $@
