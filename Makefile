# `make help` lists what there is. The two that a user needs: run, test.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS   += --no-print-directory

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
MODULE  := scrollkeeper.example/scrollkeeper
LDFLAGS := -s -w -X $(MODULE)/internal/cli.Version=$(VERSION)
BIN     := bin/scrollkeeper

# Everything the web app is built from.
WEB_SOURCES := $(shell find web/src web/public web/vite web/stubs -type f 2>/dev/null) \
	$(wildcard web/index.html web/*.config.ts web/tsconfig*.json web/package.json web/package-lock.json)

.PHONY: help run dev gen fmt lint test race e2e bench bench-extract check build clean
.PHONY: web web-test generated vet go-test apt

help: ## List these targets
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name text; do printf '  %-13s %s\n' "$$name" "$$text"; done

run: build ## Build everything and start the server on http://127.0.0.1:8080 (ARGS="--listen …" for more)
	@exec $(BIN) serve $(ARGS)

dev: web/node_modules/.package-lock.json ## Start Vite and the server, both following changes, with an account to sign in
	@scripts/dev.sh

gen: web/node_modules/.package-lock.json ## Write all generated files anew: queries, OpenAPI, its TypeScript types, docs/config.md, help texts
	@scripts/generate.sh

fmt: ## Format Go and say which files changed
	@"$$(scripts/tool.sh golangci-lint)" fmt ./...

lint: ## Run go vet and golangci-lint
	@go vet ./...
	@"$$(scripts/tool.sh golangci-lint)" run ./...

test: apt generated lint web-test race e2e ## Install what tests need and run every test

check: vet go-test web-test ## The quick part of test, for every commit: vet, Go and web tests

race: web/dist/index.html ## Run the Go tests under the race detector
	@scripts/announce.sh "Go tests, race detector on"
	@CGO_ENABLED=1 go test -race -timeout 20m ./...

e2e: build ## Run the browser tests against the built binary
	@scripts/e2e.sh

bench-extract: ## Measure extraction alone, beside its peers
	@scripts/bench.sh extract

bench: build ## Run the benchmarks, each beside its peer
	@scripts/bench.sh

build: web/dist/index.html ## Build bin/scrollkeeper with the web app inside
	@CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/scrollkeeper

clean: ## Remove what was built; data and installed packages stay
	@rm -rf bin coverage e2e/results bench/results
	@find web/dist -mindepth 1 ! -name .gitkeep -delete

# The parts of the above.

apt:
	@scripts/apt-packages.sh

generated: web/node_modules/.package-lock.json
	@scripts/announce.sh "Generated files are fresh"
	@scripts/check-generated.sh

vet:
	@go vet ./...

go-test: web/dist/index.html
	@go test ./...

web-test: web/node_modules/.package-lock.json
	@scripts/announce.sh "Web: types and unit tests"
	@cd web && npm run --silent check && npm run --silent test

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@scripts/need.sh go node npm
	@cd web && npm ci --no-audit --no-fund && touch node_modules/.package-lock.json

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	@scripts/announce.sh "Web app"
	@cd web && npm run --silent build
