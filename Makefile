# Daily habits. A bare `make` explains itself.
.DEFAULT_GOAL := help
PY := .venv/bin
# Makes or completes the environment of the developers; quick where it is there.
READY := bash -c '. bin/prepare.sh && make_environment requirements-dev.lock'

.PHONY: help run test one lint types format screenshots benchmarks long languages locks vendor reliability

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Build the demo database and serve the site
	bin/demo

test: ## Every check and the whole test suite, as CI runs it
	bin/test

one: ## One test file or name: make one T=tests/resident or T="-k double"
	@$(READY)
	$(PY)/pytest -q --database sqlite $(T)

lint: ## Format, lint, types, import rules, templates, questionnaires
	bin/check

types: ## Type checker alone
	@$(READY)
	$(PY)/mypy

format: ## Put the code into its format
	@$(READY)
	$(PY)/ruff format . && $(PY)/ruff check --fix .

benchmarks: ## Speed against peers and limits; writes docs/performance.md
	@$(READY)
	$(PY)/python -m benchmarks

reliability: ## Kill and fill everything on both databases (long); writes docs/reliability.md
	bin/long tests/reliability
	$(PY)/python -m benchmarks.reliability

screenshots: ## Pictures of every page into docs/screenshots
	@$(READY)
	PYTHONPATH=tests $(PY)/python bin/screenshots.py

long: ## Simulations, soaks and kill tests (the third command)
	bin/long

languages: ## Bring the catalogues of residents' languages up to date with templates and code
	@$(READY)
	$(PY)/python bin/languages.py

locks: ## Write the lock files anew from setup.cfg
	@$(READY)
	$(PY)/uv pip compile setup.cfg --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --extra build -o requirements.lock
	$(PY)/uv pip compile setup.cfg --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --extra test --extra dev --extra build -c requirements.lock -o requirements-dev.lock
	$(PY)/uv pip compile setup.cfg --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --extra scale -c requirements-dev.lock -o requirements-scale.lock

vendor: ## Bring the vendored browser packages anew (needs npm)
	@$(READY)
	$(PY)/python bin/vendor_static.py
