# Needs Python 3.11 or newer with its venv module; all else goes into .venv.  PYTHON names another one: a command, or a
# version, as in: make PYTHON=3.15 site.  A version is python3.15 where there is one, else uv's, which fetches it.

PYTHON ?= python3
version := $(shell echo '$(PYTHON)' | grep -xE '3\.[0-9]+t?')
newest := 3.15
find := uv python find --system $(version)
fetch = command -v python$(version) || $(find) 2>/dev/null || { uv python install --quiet $(version) && $(find); }
interpreter = $(eval interpreter := $(if $(version),$(shell $(fetch)),$(PYTHON)))$(interpreter)
python := .venv/bin/python
install := $(python) -m pip install --quiet --disable-pip-version-check --require-hashes
compile := $(python) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes

new_enough := import sys; sys.exit(sys.version_info < (3, 11))
too_old = Python 3.11 or newer is needed: install it, or name it as in: make PYTHON=python3.13
is_newest := import sys; sys.exit(sys.version_info < tuple(map(int, "$(newest)".split("."))))
has_venv := import ensurepip, venv
no_venv = $(PYTHON) lacks its venv module: on Debian and Ubuntu, apt install $(notdir $(interpreter))-venv
no_such = There is no python$(version), nor a uv that brings it: install uv (https://docs.astral.sh/uv/), or name a command
# $(call need,PROGRAM,MESSAGE): stop with the message unless the Python program succeeds
need = $(if $(shell $(interpreter) -c '$1' 2>/dev/null && echo yes),,$(error $2))

# Material's notice that it ends in May 2027, at each start: known, and no author's affair; the pages are ready to move
export NO_MKDOCS_2_WARNING := 1

.PHONY: help serve site publish test soak torture audit lint lock clean

# Say what there is to make
help:
	@awk '/^# /{said = substr($$0, 3)} /^[a-z]+:/{if (said) printf "make %-8s%s\n", substr($$1, 1, length($$1) - 1), said} \
		!/^#/{said = ""}' $(MAKEFILE_LIST)

# Show the site at http://127.0.0.1:8000 and follow every change
serve: .venv/ready
	$(python) -m mkdocs serve

# Measure everything anew and build site/
site: .venv/ready
	$(python) -m mkdocs build --strict

# Measure over the emulated link, and build a site/ to publish at SITE_URL
publish: .venv/ready
	$(python) -m scripts.site publish

# Prove it: programs, numbers, pages
test: .venv/tests
	$(python) -m scripts.test

# Hold ten thousand connections, twenty times over, and see that nothing is lost and nothing grows
soak: .venv/tests
	$(python) -m pytest -s tests/lab/test_soak.py

# Break it on purpose, in more than a thousand ways, and see that nothing is lost, left behind or silent
torture: .venv/tests
	$(python) -m tests.torture --json docs/assets/data/torture.json

# Ask whether anything that is pinned is known to be vulnerable
audit: .venv/tests
	$(python) -m scripts.audit

# Look for mistakes without running anything
lint: .venv/tests
	$(python) -m scripts.lint

# Pin what the requirements*.in ask for, for every system, with hashes
lock: .venv/tests
	$(compile) --output-file requirements.txt requirements.in
	$(compile) --constraint requirements.txt --output-file requirements-stages.txt requirements-stages.in
	$(compile) --constraint requirements.txt --constraint requirements-stages.txt \
		--output-file requirements-tests.txt requirements-tests.in
	$(compile) --output-file runner/requirements.txt runner/requirements.in
	$(compile) --output-file scripts/bench/peers/requirements.txt scripts/bench/peers/requirements.in

# Remove whatever was built, but not .venv
clean:
	rm -rf site .site.* .cache .pytest_cache .ruff_cache .hypothesis test-output
	find . -path ./.venv -prune -o -type d -name __pycache__ -exec rm -rf {} +

# Python 3.11 puts setuptools into it, which jieba would import at every start, for a quarter of a second.
# The stamp comes last: an interrupted set-up leaves none, and starts over
# Another PYTHON than the one that .venv was made with makes it anew; without one it stays as it is
ifneq ($(origin PYTHON),file)
ifneq ($(PYTHON),$(shell cat .venv/made-with 2>/dev/null))
.venv/ready: anew
endif
endif
.PHONY: anew

.venv/ready: requirements.txt requirements-stages.txt runner/requirements.txt
	$(if $(interpreter),,$(error $(no_such)))
	$(call need,$(new_enough),$(too_old))
	$(call need,$(has_venv),$(no_venv))
	@echo 'Setting up .venv (a minute or so, once)'
	@! command -v uv >/dev/null || $(interpreter) -c '$(is_newest)' || \
		echo 'This Python will do; make PYTHON=$(newest) takes a newer one, which uv fetches where there is none'
	@$(interpreter) -m venv --clear .venv
	@echo '$(PYTHON)' >.venv/made-with
	@$(install) -r requirements.txt -r requirements-stages.txt
	@$(python) -m pip uninstall --quiet --quiet --yes setuptools
	@command -v npm >/dev/null || $(install) -r runner/requirements.txt || \
		echo 'Neither npm nor a wheel of it: the pages will have no runner'
	@touch $@

.venv/tests: .venv/ready requirements-tests.txt
	@echo 'Adding what the tests need'
	@$(install) -r requirements-tests.txt
	@touch $@
