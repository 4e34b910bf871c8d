# Everything a developer types. `make serve PORT=9000` and the like pass the setting on.
.PHONY: serve test check soak bench demo screenshots lock messages

RUN := scripts/run
RULES = tests/architecture $(wildcard tests/*/test_rules.py tests/foundation tests/quiz/test_types.py)

serve: ## The site, from nothing, with a demo province and its accounts.
	@exec scripts/serve

test: ## The whole suite: SQLite, PostgreSQL, Chromium, WeasyPrint.
	@exec scripts/test

check: ## What is quick: format, lint, types, contracts, templates, architecture, rules.
	@scripts/bootstrap dev
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy lms config.py wsgi.py
	$(RUN) lint-imports
	$(RUN) djlint --quiet --lint templates
	$(RUN) python -m pytest --quiet $(RULES)

soak: ## What takes minutes: server and database killed in the middle of 200 attempts.
	@scripts/bootstrap dev
	$(RUN) python -m pytest -m soak tests/faults

bench: ## The figures of docs/performance.md, measured on this machine.
	@scripts/bootstrap dev
	$(RUN) python -m bench

LEARNERS ?= 35000
SEED ?= 1
demo: ## A realistic tree of learners in the database at hand.
	@scripts/bootstrap
	$(RUN) flask --app wsgi demo load --learners $(LEARNERS) --seed $(SEED)

screenshots: ## Every page at both sizes, on one contact sheet.
	@scripts/bootstrap dev
	$(RUN) python -m scripts.screenshots

lock: ## Renew requirements/*.txt from the *.in files (needs uv).
	scripts/lock

messages: ## Collect the Vietnamese msgids into the English catalogue and compile it.
	@scripts/bootstrap dev
	scripts/messages
