# Short names for run.py, which does the work; on Windows say `py run.py run` and so on.

# The first Python here that is new enough; run.py says so in a sentence if there is none.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$python; exit; }; \
	done; echo python3)
RUN = @command -v $(PYTHON) >/dev/null || { echo "This needs Python 3.11 or newer: there is no $(PYTHON) here." >&2; exit 1; }; $(PYTHON) run.py

.PHONY: help run setup test audit lock format

help:
	@echo 'make run [PORT=8600]   start the product; the last line printed is its address'
	@echo 'make test              every check and test; installs a browser if there is none'
	@echo 'make setup             prepare .venv with the test tools, start nothing'
	@echo 'make format            put the code into the format of the project'
	@echo 'make audit             ask osv.dev which of the pinned packages have known weaknesses'
	@echo 'make lock              write requirements*.txt anew from pyproject.toml (needs uv)'
	@echo 'What ARGS="..." holds is passed on: make test ARGS="-k deadlines"'

run:
	$(RUN) run $(if $(PORT),--port $(PORT)) $(ARGS)

setup test audit lock format:
	$(RUN) $@ $(ARGS)
