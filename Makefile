# The door to everything one does with a checkout. Each goal installs what it needs from the system first (see
# Scripts/setup.sh); with all in place that takes a fraction of a second.

SWIFT ?= swift
.DEFAULT_GOAL := help
# The compiler already uses every core.
.NOTPARALLEL:
.PHONY: help setup build demo test check sanitize bench clean

help:  ## list the goals
	@sed -nE 's/^([a-z]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "make %-7s %s\n", $$1, $$2 }'

setup:  ## install the system libraries that are missing; does nothing when all are there
	@Scripts/setup.sh

build: setup  ## build the program, optimised: .build/release/ensue
	@$(SWIFT) build -c release --product ensue

demo: build  ## train, compare and use small models, in minutes and without downloads
	@.build/release/ensue demo

test: setup  ## run the tests, optimised; FILTER=NAME runs those whose name contains it
	@$(SWIFT) test -c release $(if $(FILTER),--filter '$(FILTER)')

check: setup  ## style, warnings as errors, sizes, imports, forbidden words
	@Scripts/check.sh

sanitize: setup  ## the engine's tests under the address and thread sanitizers (a debug build each: minutes)
	@# Leaks are not looked for: XCTest's own would be found.
	@ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize=address --scratch-path .build/address --filter 'EnsueTensorTests|EnsueLayersTests'
	@$(SWIFT) test --sanitize=thread --scratch-path .build/thread --filter 'EnsueTensorTests|EnsueLayersTests'

bench: setup  ## compare speeds with the peers'; WORKLOAD=NAME runs one, JSON=1 prints objects
	@$(SWIFT) run -c release --package-path Benchmarks ensue-bench \
	  $(if $(WORKLOAD),--workload '$(WORKLOAD)') $(if $(filter-out 0,$(JSON)),--json)

clean:  ## remove everything that was built
	@rm -rf .build Benchmarks/.build Examples/.build Examples/*/.build
