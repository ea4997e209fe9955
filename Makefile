# make run starts the desk, make test runs its tests; both install what they need first.
VENV := .venv
BIN := $(VENV)/bin
UV = $(or $(shell command -v uv),$(BIN)/uv)
# The first Python on this machine that is new enough; PYTHON=... names another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
# Trust what the machine trusts: office networks sign with certificates of their own (the older uv's name, the newer's).
export UV_NATIVE_TLS ?= true
export UV_SYSTEM_CERTS ?= true
TEMPLATES = $(shell find templates */templates -name '*.html' 2>/dev/null)

.PHONY: install install-dev run test check format lock bench clean

install: $(VENV)/base.installed
install-dev: $(VENV)/dev.installed

$(VENV)/created:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 atau lebih baru tidak ditemukan. Pasang, atau sebutkan: make run PYTHON=/jalur/python3' >&2; exit 1; }
	@echo 'Membuat $(VENV) dengan $(PYTHON) ...'
	@$(PYTHON) -m venv $(VENV) || { echo 'Modul venv tidak lengkap. Pasang paket python3-venv, hapus $(VENV), lalu ulangi.' >&2; exit 1; }
	@touch $@

$(VENV)/base.installed: requirements/base.txt requirements/uv.txt $(VENV)/created
	@command -v uv >/dev/null || test -x $(BIN)/uv || { echo 'Memasang uv ...'; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt; }
	@echo 'Memasang paket desk ...'
	@$(UV) pip install --python $(BIN)/python --require-hashes -r $<
	@touch $@

$(VENV)/dev.installed: requirements/dev.txt $(VENV)/base.installed
	@echo 'Memasang paket pengujian ...'
	@$(UV) pip install --python $(BIN)/python --require-hashes -r requirements/base.txt -r $<
	@touch $@

run: install
	@$(BIN)/python -m config.supervisor

test: install-dev
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadgroup

check: install-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=config.settings.production SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
		ALLOWED_HOSTS=desk.example SITE_URL=https://desk.example EMAIL_URL=smtp://mail.example:25 \
		DATABASE_URL=postgres://desk@database.example/desk REDIS_URL=redis://broker.example/0 \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

format: install-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/djade --target-version 5.2 $(TEMPLATES)

# The locks name no index: they hold for whichever one a machine uses.
lock: install
	for name in uv base dev; do \
		$(UV) pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --universal \
			--python-version 3.11 requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done

# Its data are its own, and stay for the next run.
bench: install
	DATA_DIR=$(or $(DATA_DIR),.data/bench) $(BIN)/python manage.py bench

# The data in .data stay: they are the desk's, not the build's.
clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results .data/test .data/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
