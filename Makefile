# The two commands of the README: `make petpark` runs the whole loop, `make test` runs every check.
# Both install what is missing first. PHOTOS=DIR takes a folder with one sub-folder per class.

SHELL := /bin/bash
SCRATCH ?= .build
SWIFT_FLAGS := -c release --scratch-path $(SCRATCH)
PETPARK := $(SCRATCH)/release/PetPark

FASHION ?= .fashion-mnist

.PHONY: petpark accuracy fashion test setup build oracles alone snippets plugins benchmark format clean

petpark: setup
	swift build $(SWIFT_FLAGS) --product PetPark
	$(PETPARK) demo $(if $(PHOTOS),--photos "$(PHOTOS)") $(ARGS)

# Trains for the best accuracy on photographs, and tests on a fifth of them that training never saw: about an hour.
accuracy: setup
	swift build $(SWIFT_FLAGS) --product PetPark
	$(PETPARK) accuracy --photos "$(PHOTOS)" --state .petpark-accuracy $(ARGS)

# Trains on Fashion-MNIST in less than five minutes on 2 cores, and tests on its 10,000 other pictures.
fashion: setup
	Examples/FashionMNIST/fetch "$(FASHION)"
	swift build $(SWIFT_FLAGS) --product FashionMNIST
	$(SCRATCH)/release/FashionMNIST --data "$(FASHION)" $(ARGS)

test: setup build
	swift test $(SWIFT_FLAGS) --disable-testable-imports --skip-build
	.ci/oracles "$(SCRATCH)"

build: setup
	swift build $(SWIFT_FLAGS) --build-tests

setup:
	@.ci/setup

# Each library in a package that depends on nothing else of ours.
alone: setup
	.ci/alone

# Every Swift snippet of the README and the articles, compiled against the built modules.
snippets: build
	.ci/snippets "$(SCRATCH)"

plugins: setup
	.ci/plugins

# This package beside PyTorch, ONNX Runtime and OpenBLAS, turn by turn on the same cores.
benchmark: setup
	.ci/setup python
	swift build $(SWIFT_FLAGS) --product Contender
	test -x .venv-benchmarks/bin/python || python3 -m venv .venv-benchmarks
	.venv-benchmarks/bin/pip install -q torch==2.13.0 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
	.venv-benchmarks/bin/python Benchmarks/compare.py $(SCRATCH)/release/Contender $(ARGS)

format:
	swift format --in-place --recursive Sources Tests Examples Benchmarks Package.swift

clean:
	rm -rf .build .build-* .petpark .petpark-accuracy .venv .venv-benchmarks .fashion-mnist
