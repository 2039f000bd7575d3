# make demo   everything set up, and the main job in the browser, on real data
# make test   everything set up, and the tests
# make help   the rest

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
# What is never imported need never be compiled: half of the time that setting up takes. What is, is compiled once then.
INSTALL := $(PIP) install --no-compile
RUN    := $(VENV)/.ready-to-run
DEV    := $(VENV)/.ready-to-develop
PEERS  := $(VENV)/peers/.ready-to-compare
KERNEL := $(VENV)/.ready-for-notebooks
# Longest first, as tests/conftest.py has put them, and not by how many tests a file holds.
PYTEST := $(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder

# Compiled once, and not by each of the hundreds of processes that the tests start.
export PYTHONDONTWRITEBYTECODE :=
# One thread a process for arithmetic and for small frames: on two cores more threads only wait for one another.
export OPENBLAS_NUM_THREADS ?= 1
export POLARS_MAX_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help demo disclosure serve test test-fast seconds check check-types check-format check-house check-migrations format bench refresh coverage against-r kills crowd load slow paths walks drafts two-people access lock wheel messages palette notebooks architecture pages screenshots versions clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Peakend needs Python 3.11 or newer, found " + sys.version.split()[0] + ". Say which: make PYTHON=/path/to/python3.11 …")'
	@echo "Making an environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(RUN): requirements/run.txt pyproject.toml hatch_build.py $(wildcard src/peakend_web/locale/*/LC_MESSAGES/*.po) | $(VENV)/bin/python
	@echo "Installing what Peakend runs on (locked, with hashes) …"
	@$(INSTALL) --progress-bar on --require-hashes -r requirements/run.txt
	@$(INSTALL) --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): requirements/dev.txt $(RUN)
	@echo "Installing what the tests need (locked, with hashes) …"
	@$(INSTALL) --progress-bar on --require-hashes -r requirements/dev.txt
	@touch $@

$(PEERS): requirements/bench.txt | $(VENV)/bin/python
	@echo "Installing what the benchmarks are measured against, in an environment of its own (locked, with hashes) …"
	@$(VENV)/bin/python -m venv $(VENV)/peers
	@$(VENV)/peers/bin/python -m pip --disable-pip-version-check install --progress-bar on --require-hashes -r requirements/bench.txt
	@touch $@

$(KERNEL): requirements/notebooks.txt $(DEV)
	@echo "Installing the kernel that runs the notebooks (locked, with hashes) …"
	@$(INSTALL) --progress-bar on --require-hashes -r requirements/notebooks.txt
	@touch $@

demo: $(RUN)  ## set up, load the real samples, serve on loopback, print the address
	@$(BIN)/peakend demo

serve: $(RUN)  ## serve your own data (PEAKEND_DATA, PEAKEND_DATABASE)
	@$(BIN)/peakend serve

test: $(DEV)  ## everything the tests need, and the tests
	@sh tools/system.sh
	$(PYTEST)

test-fast: $(DEV)  ## all tests except slow ones (over 0.3 s) and those that need a browser, Java or PostgreSQL
	$(PYTEST) -m "not slow"

seconds: $(DEV)  ## the tests, and how long each takes, into tests/seconds.txt: in this order they are begun
	PEAKEND_SECONDS=1 $(PYTEST)

# Two at once: what types takes one core for as long as all the others together take another.
check: $(DEV)  ## format, lint, types, arrows, translations, migrations
	@$(MAKE) --no-print-directory -j 2 check-types check-format check-house check-migrations

check-types: $(DEV)
	$(BIN)/mypy

check-format: $(DEV)
	$(BIN)/ruff format --check src tests benchmarks tools
	$(BIN)/ruff check src tests benchmarks tools

check-house: $(DEV)
	$(BIN)/python -m pytest -q tests/test_arrows.py tests/test_conventions.py tests/test_words.py

check-migrations: $(DEV)
	$(BIN)/peakend manage makemigrations --check --dry-run

format: $(DEV)  ## rewrite in the house's format
	$(BIN)/ruff check --fix --quiet src tests benchmarks tools || true
	$(BIN)/ruff format src tests benchmarks tools

ROWS ?= 1000000 10000000

ATTEMPTS ?= 20000
SEED ?= 1

bench: $(DEV) $(PEERS)  ## against the best query, pandas and the named peers, into docs/benchmarks.md; ROWS="1000000 10000000 100000000"
	$(BIN)/python -m benchmarks.compare --rows $(ROWS)

refresh: $(DEV)  ## what new answers cost: the copy, and the pages
	$(BIN)/python -m benchmarks.refresh
	$(BIN)/python -m benchmarks.pages --rows $(ROWS)

crowd: $(DEV)  ## five hundred people behind one address, and a flood of 10,000 forged answers beside them
	$(BIN)/python -m benchmarks.crowd

load: $(DEV)  ## a minute of 1,000 durable submissions per second, on SQLite and on PostgreSQL
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.load --database postgres

paths: $(DEV)  ## 10,000 random surveys, walked through on the page and on the server
	$(BIN)/python -m tests.web.asking.path_agreement 10000

WALKS ?= 2000
walks: $(DEV)  ## random walks of people who answer, cut at every step; WALKS=2000
	$(BIN)/python -m tests.web.asking.walks $(WALKS)

slow: $(DEV)  ## 300 clients that hold on, and 60 people who sign in at once, beside honest answers
	$(BIN)/python -m benchmarks.slow
	$(BIN)/python -m benchmarks.slow --sign-ins 60 --rate 300 --seconds 30

drafts: $(DEV)  ## what an edit of a draft of sixty touchpoints costs
	$(BIN)/python -m benchmarks.drafts

two-people: $(DEV)  ## two people edit one map, 500 verbs each; then 1,000 drafts while connections are cut and the server is killed
	PEAKEND_TWO_PEOPLE=500 $(BIN)/python -m pytest -q tests/web/design/test_two_people.py
	$(BIN)/python -m benchmarks.two_people --sequences 1000
	$(BIN)/python -m benchmarks.two_people --sequences 1000 --database postgres

hostile: $(DEV)  ## 20,000 requests in bad faith; none may be answered by a fault of ours
	PEAKEND_HOSTILE=20000 $(BIN)/python -m pytest -q tests/web/base/test_hostile.py

kills: $(DEV)  ## 200 kills of the server under load, on SQLite and on PostgreSQL
	$(BIN)/python -m benchmarks.kills --kills 200
	$(BIN)/python -m benchmarks.kills --kills 200 --database postgres

access: $(DEV)  ## 20,000 attempts to get at what is not one's own; ATTEMPTS=20000 SEED=1
	PEAKEND_ATTEMPTS=$(ATTEMPTS) PEAKEND_SEED=$(SEED) $(BIN)/python -m pytest -q -s tests/web/base/test_attempts.py

disclosure: $(DEV)  ## attack what is released: a thousand surveys, every figure at every time (docs/disclosure.md)
	$(BIN)/python -m benchmarks.disclosure

coverage: $(DEV)  ## how often each interval covers the truth, into docs/coverage.md
	$(BIN)/python -m benchmarks.coverage

against-r: $(DEV)  ## every figure beside R's, into docs/checked.md (needs R with psych, lavaan, relaimpo, sandwich, lmtest, survey)
	$(BIN)/python -m benchmarks.against_r

notebooks: $(KERNEL)  ## run the notebooks in a Jupyter kernel, and write each as .ipynb with what it gave
	$(BIN)/python -m tools.notebooks

architecture: $(DEV)  ## the picture and the table of the rooms, from the imports, into docs/architecture.md
	$(BIN)/python -m tools.architecture

pages: $(DEV)  ## the pages of the methods and of the instruments, printed from what they are, into docs/
	$(BIN)/python -m tools.method_pages
	$(BIN)/python -m tools.instrument_pages

screenshots: $(DEV)  ## every page, in three languages, wide and narrow, light and dark
	@sh tools/system.sh
	$(BIN)/python -m tools.screenshots

messages: $(DEV)  ## gather new phrases of the interface into the translation files
	$(BIN)/python -m tools.messages

palette: $(RUN)  ## write the colours of the palette into the style sheets
	$(BIN)/python -m tools.palette

versions: $(RUN)  ## the library beside the lowest and the newest versions of what it needs
	@$(BIN)/python -m tools.versions

lock: $(DEV)  ## resolve the dependencies again, with hashes and without any registry's address
	$(INSTALL) --quiet uv
	sh tools/lock.sh $(BIN)/uv

wheel: $(DEV)  ## build the distribution into dist/
	$(BIN)/python -m build --no-isolation --wheel

clean:  ## remove the environment and what was built (never your data)
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache
