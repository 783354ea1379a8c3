# every command of the house; `just` lists them
default:
    @just --list

# set up everything
setup:
    uv sync

# the demo city at http://127.0.0.1:8212
run:
    uv run qinghuan demo

# all tests
test *args:
    uv run pytest {{args}}

# what CI runs
check:
    bash .ci/run

# linters and types
lint:
    uv run ruff check . && uv run ruff format --check . && uv run mypy && uv run lint-imports

# write the generated reference pages
docs:
    uv run python tools/reference.py

# pin the dependency tree (after `uv lock --upgrade`)
pin:
    uv run python tools/pin.py
