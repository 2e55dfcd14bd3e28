# make dev    the gateway on this machine, with the simulator as Ideogram
# make test   everything that CI checks
# make build  the Worker, to build/
# make client  the JavaScript client: its types, its tests, its size
# make openapi  the OpenAPI document, to public/
# make schemathesis SECONDS=n  requests made up from the document, so long, against the gateway
# make size   its wasm in bytes, raw and gzipped
# make bench  what it costs, next to what it could cost
# make simulate SEEDS=n  n worlds of callers, faults and restarts; every promise after every step
# make fuzz SECONDS=n  libFuzzer against everything that reads what comes from outside, so long each
# make supply  licences and sources of all crates, and no crate twice in the Worker
# make advisories  known faults of crates, and yanked ones; from RustSec's database, which is on GitHub
# make clients  the published clients that the gateway is tested with
# make prometheus  Prometheus and promtool, which check what is in ops/
# make mutants  breaks the rules on purpose and shows that the simulation finds each breakage
# make restore ENV=e URL=u  a lost history, made again from the kept pictures
# make preflight ENV=e URL=u  has a gateway check itself, GENERATE=1 with a picture; without ENV the one of make dev
# make deploy ENV=e URL=u  the tests, then a new version that checks itself before it is given traffic
# make rollback ENV=e VERSION=v  all traffic back to the version before, or to this one
# make clean  all that was built, tools included

WORKER_BUILD := 0.8.7
# The version in Cargo.lock; wasm-bindgen takes no other.
WASM_BINDGEN := 0.2.129
CARGO_DENY := 0.20.2
CARGO_FUZZ := 0.13.2

TOOLS := $(CURDIR)/.tools
NODE_TOOLS := $(CURDIR)/node_modules/.bin
WRANGLER := $(NODE_TOOLS)/wrangler
WASM := wasm32-unknown-unknown

export WRANGLER_SEND_METRICS := false
export WASM_BINDGEN_BIN := $(TOOLS)/bin/wasm-bindgen
export WASM_OPT_BIN := $(NODE_TOOLS)/wasm-opt
export ESBUILD_BIN := $(NODE_TOOLS)/esbuild

CLIENTS := tests/clients
PROMETHEUS := $(TOOLS)/prometheus/usr/bin

.PHONY: dev test openapi schemathesis lint supply advisories build client clients prometheus tools size bench simulate fuzz mutants preflight deploy rollback restore clean

tools: $(TOOLS)/worker-build-$(WORKER_BUILD) $(TOOLS)/wasm-bindgen-$(WASM_BINDGEN) $(TOOLS)/target node_modules/.package-lock.json

# Build tools run for seconds, so they are compiled for a short build, not for speed.
INSTALL := cargo install --quiet --locked --force --debug --root $(TOOLS) --target-dir $(TOOLS)/build

$(TOOLS)/worker-build-$(WORKER_BUILD):
	$(INSTALL) worker-build --version =$(WORKER_BUILD)
	touch $@

$(TOOLS)/wasm-bindgen-$(WASM_BINDGEN):
	$(INSTALL) wasm-bindgen-cli --version =$(WASM_BINDGEN) --bin wasm-bindgen
	touch $@

$(TOOLS)/cargo-deny-$(CARGO_DENY):
	$(INSTALL) cargo-deny --version =$(CARGO_DENY)
	touch $@

$(TOOLS)/cargo-fuzz-$(CARGO_FUZZ):
	$(INSTALL) cargo-fuzz --version =$(CARGO_FUZZ)
	touch $@

$(TOOLS)/target: rust-toolchain.toml
	rustup target add $(WASM)
	mkdir -p $(TOOLS) && touch $@

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-progress --loglevel=error
	touch $@

clients: $(CLIENTS)/node_modules/.package-lock.json $(TOOLS)/python/installed

$(CLIENTS)/node_modules/.package-lock.json: $(CLIENTS)/package.json $(CLIENTS)/package-lock.json
	npm ci --prefix $(CLIENTS) --no-progress --loglevel=error
	touch $@

prometheus: $(PROMETHEUS)/promtool

# The system's, or Debian's package, unpacked where it needs no rights.
$(PROMETHEUS)/promtool:
	mkdir -p $(PROMETHEUS)
	if command -v promtool > /dev/null && command -v prometheus > /dev/null; then \
		ln -sf "$$(command -v prometheus)" "$$(command -v promtool)" $(PROMETHEUS); \
	elif ! command -v apt-get > /dev/null; then \
		echo "the tests need prometheus and promtool: install Prometheus (https://prometheus.io/download)" >&2; exit 1; \
	else \
		cd $(TOOLS)/prometheus && { apt-get download prometheus || { apt-get update && apt-get download prometheus; }; } \
		&& dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb; \
	fi

PYTHON_PACKAGES := $(CLIENTS)/requirements.txt openapi/schemathesis/requirements.txt

$(TOOLS)/python/installed: $(PYTHON_PACKAGES)
	python3 -m venv --clear $(TOOLS)/python
	$(TOOLS)/python/bin/pip install --quiet --disable-pip-version-check $(PYTHON_PACKAGES:%=--requirement %)
	touch $@

SOURCES := $(shell find src domain/src -name '*.rs') Cargo.toml Cargo.lock domain/Cargo.toml domain/build.rs rust-toolchain.toml

build: build/index.js

build/index.js: $(SOURCES) | tools
	$(TOOLS)/bin/worker-build --release
	$(WASM_OPT_BIN) -Oz --strip-debug --strip-producers --enable-bulk-memory --enable-exception-handling \
		--enable-multivalue --enable-mutable-globals --enable-nontrapping-float-to-int \
		--enable-reference-types --enable-sign-ext build/index_bg.wasm -o build/index_bg.wasm
	touch $@

client: node_modules/.package-lock.json
	$(NODE_TOOLS)/tsc --project client
	node --test --test-reporter=spec client/test/*.test.js

size: build
	@wc -c < build/index_bg.wasm
	@gzip -9 -c build/index_bg.wasm | wc -c

openapi:
	document=$$(cargo run --quiet --package openapi) && printf '%s\n' "$$document" > public/openapi.json

dev: build
	cargo build --quiet --package simulator
	bin/dev

lint: tools
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	cargo clippy --target $(WASM) -- -D warnings

DENY := $(TOOLS)/bin/cargo-deny --locked --workspace check

supply: $(TOOLS)/cargo-deny-$(CARGO_DENY)
	$(DENY) licenses bans sources

advisories: $(TOOLS)/cargo-deny-$(CARGO_DENY)
	$(DENY) advisories

SEEDS ?= 10000

simulate:
	cargo run --quiet --profile bench --package domain --features simulation --example simulate -- --seeds $(SEEDS)

SECONDS ?= 60

# Needs a C++ compiler, for libFuzzer.
fuzz: $(TOOLS)/cargo-fuzz-$(CARGO_FUZZ)
	CARGO_FUZZ=$(TOOLS)/bin/cargo-fuzz fuzz/run $(SECONDS)

# Needs Python 3.10 or later.
schemathesis: build $(TOOLS)/python/installed
	SCHEMATHESIS_SECONDS=$(SECONDS) SCHEMATHESIS_SEED=$${SCHEMATHESIS_SEED:-$$(date +%s)} \
		cargo test --test end_to_end schemathesis -- --nocapture

mutants:
	domain/mutations/run

bench: build
	cargo bench --bench ledger
	cargo bench --bench added_time
	cargo bench --bench polling

# What it is told comes by the environment, where make puts its own variables too.
restore:
	bin/restore

# One more than there are cores: end-to-end tests often wait, for processes and for timers.
TEST_THREADS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

test: lint supply build client clients prometheus
	RUST_TEST_THREADS=$(TEST_THREADS) cargo test --workspace
	$(WRANGLER) deploy --dry-run --env staging --outdir $(TOOLS)/dry-run
	$(WRANGLER) deploy --dry-run --env production --outdir $(TOOLS)/dry-run

# What these are told comes by the environment, where make puts its own variables too.
preflight:
	bin/preflight

deploy: test
	WRANGLER=$(WRANGLER) bin/deploy

rollback: tools
	WRANGLER=$(WRANGLER) bin/rollback

clean:
	rm -rf build target node_modules $(CLIENTS)/node_modules $(TOOLS)
