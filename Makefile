# `make demo` and `make test` are all that a fresh machine needs; each makes its own .venv with pinned versions.
.PHONY: help demo test check bench train wheel clean

help:
	@echo "make demo    set up, then run a real package's broken tests and show what an agent would see (no Docker needed)"
	@echo "make test    set up, find or start a Docker engine, run every test"
	@echo "make check   ruff and mypy"
	@echo "make bench   print the benchmark figures (benchmarks/README.md says what they mean)"
	@echo "make train   build the relevance model anew from training/questions (and QUESTIONS=more.jsonl …)"
	@echo "make wheel   build the wheel into dist/"

demo:
	@scripts/demo

test:
	@scripts/test

check:
	@scripts/check

bench:
	@scripts/setup
	.venv/bin/python -m benchmarks.fidelity
	.venv/bin/python -m benchmarks.latency
	.venv/bin/python -m benchmarks.sandbox
	.venv/bin/python -m benchmarks.handshake

train:
	@scripts/setup
	.venv/bin/python -m training $(if $(QUESTIONS),training/questions/questions.jsonl.gz $(QUESTIONS))

wheel:
	@scripts/setup
	.venv/bin/python -m build --wheel --no-isolation

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .cache
