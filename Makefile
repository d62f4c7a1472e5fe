# The commands of everyday work. `make demo` and `make test` are the two to know.
#
# Go, git and make are wanted beforehand; whatever else is missing is installed on Debian and Ubuntu, and named elsewhere.

GO      = go
TOOL    = $(GO) tool -modfile=tools/go.mod
BIN     = bin
VERSION = $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
COMMIT  = $(shell git rev-parse HEAD 2>/dev/null)

# Only the race detector wants C. Everything else does without, the shipped binaries above all.
export CGO_ENABLED = 0

.DEFAULT_GOAL = help
.PHONY: help demo dev test check bench soak flood torture fuzz a11y screenshots build reproducible image sbom generate format tools deps clean

help: ## Lists the commands.
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: build ## Runs the portal and the sandbox on a throw-away Postgres, until Ctrl-C.
	@scripts/install-deps postgres
	@exec $(BIN)/demo

dev: ## Runs the demo, rebuilt and reloaded in the browser on every edit.
	@scripts/install-deps postgres
	@rm -rf tmp/dev
	@$(MAKE) --no-print-directory build BIN=tmp/dev
	@$(GO) build -C tools -buildvcs=false -o ../tmp/dev/dev ./dev
	@umask 077; { echo '#!/bin/sh'; export -p; echo 'exec "$(CURDIR)/tmp/dev/dev" "$$@"'; } >tmp/dev/portal
	@exec tmp/dev/demo

test: ## Runs every test with the race detector.
	@scripts/install-deps compiler postgres pgbouncer nginx browser fonts node
	@scripts/npm
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -count=1 -timeout=15m ./...

check: ## Checks formatting, generated files and code, then runs every test. CI runs this.
	@scripts/install-deps node
	@scripts/check-format
	@for file in static/js/*.js; do node --check "$$file" || exit 1; done
	$(TOOL) templ generate -check
	$(TOOL) sqlc diff
	$(GO) vet ./...
	$(TOOL) staticcheck ./...
	$(GO) mod tidy -diff
	@# Modules of their own, of which ./... knows nothing. The test of the second vets it, and reads what is of another module,
	@# whose changes Go would not see.
	$(GO) vet -C tools ./...
	$(GO) tool -C tools staticcheck ./...
	$(GO) mod tidy -C tools -diff
	$(GO) mod tidy -C tools/manifests -diff
	$(GO) test -C tools ./...
	$(GO) test -C tools/manifests -count=1 ./...
	@$(MAKE) --no-print-directory sbom
	@$(MAKE) --no-print-directory test

# How long each load lasts; SIZES are the numbers of registrations to compare, PROFILES is a folder for profiles of the portal,
# and ONLY a regular expression that picks rows.
LOAD  ?= 10s
SIZES ?= 10000,5000000

bench: build ## Measures the portal beside what bounds it, for LOAD (10s) each; see also SIZES=, PROFILES= and ONLY=.
	@scripts/install-deps postgres nginx
	@$(GO) build -trimpath -buildvcs=false -o $(BIN)/ ./cmd/bench
	@$(BIN)/bench --load '$(LOAD)' --sizes '$(SIZES)' --profiles '$(PROFILES)' --only '$(ONLY)'

# How long a soak lasts.
FOR ?= 60m

soak: build ## Has two portals serve everything for FOR (60m), and fails where anything grows or goes wrong.
	@scripts/install-deps postgres
	@$(GO) build -trimpath -buildvcs=false -o $(BIN)/ ./cmd/bench
	@$(BIN)/bench soak --for '$(FOR)'

flood: build ## Floods a portal for a minute with what strangers send, and measures what applicants notice of it.
	@scripts/install-deps postgres
	@$(GO) build -trimpath -buildvcs=false -o $(BIN)/ ./cmd/bench
	@$(BIN)/bench flood --load 60s

# SEED repeats a failed run of the first gear, OUTSIDE_SEED one of the second.
RUNS    = 10000
OUTSIDE = 200

torture: ## Runs the portal through what production will: RUNS (10000) inside, OUTSIDE (200) as processes; SEED= repeats one.
	@scripts/install-deps postgres
	@scripts/torture '$(RUNS)' '$(OUTSIDE)' '$(SEED)'

fuzz: ## Runs every fuzz target, each for FUZZTIME (1m).
	@scripts/install-deps node
	@scripts/npm
	@scripts/fuzz

a11y: ## Tests the accessibility of every page in every state, language and look, and writes down what was tested.
	@scripts/install-deps browser fonts node
	@scripts/npm
	ACCESSIBILITY_RECORD='$(CURDIR)/templates/accessibility.json' $(GO) test -count=1 -timeout=2h -run=Everybody ./cmd/gallery

screenshots: ## Takes the pictures of docs/screenshots anew.
	@scripts/install-deps browser fonts
	SCREENSHOTS='$(CURDIR)/docs/screenshots' $(GO) test -count=1 -timeout=30m -run=Screenshots ./cmd/gallery

build: ## Builds bin/portal, bin/sandbox and bin/demo, each a static binary.
	@mkdir -p $(BIN)
	$(GO) build -trimpath -buildvcs=false -ldflags='-s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)' -o $(BIN)/ ./cmd/portal ./cmd/sandbox ./cmd/demo

reproducible: ## Builds everything twice, from nothing and in two folders, and compares the bytes. Takes minutes.
	@scripts/reproducible fresh

image: ## Builds the image of the portal with docker, podman or buildah.
	@VERSION='$(VERSION)' COMMIT='$(COMMIT)' scripts/image

sbom: build ## Lists the modules of bin/portal with their licences, for bin/sbom.cdx.json and bin/licences.txt.
	@$(GO) run -C tools ./sbom --program '$(CURDIR)/$(BIN)/portal' --version '$(VERSION)' --source '$(CURDIR)' --out '$(CURDIR)/$(BIN)'

generate: ## Generates Go from the templates and the SQL queries, and the README's tables of settings.
	$(TOOL) templ generate
	$(TOOL) sqlc generate
	$(GO) run ./internal/settingsdoc

format: ## Formats Go and templates.
	$(TOOL) gofumpt -l -w .
	$(TOOL) templ fmt .

tools: ## Compiles the pinned tools, which takes minutes the first time.
	$(GO) build -modfile=tools/go.mod -o /dev/null tool

deps: ## Installs what the commands above need on Debian and Ubuntu.
	@scripts/install-deps compiler postgres pgbouncer nginx browser fonts node
	@scripts/npm

clean: ## Removes what was built.
	rm -rf $(BIN) tmp
