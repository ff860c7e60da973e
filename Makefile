# The two commands of the README: `make petpark` runs the whole loop, `make test` runs every check.
# Both install what is missing first. PHOTOS=DIR takes photographs from its sub-folders cat and dog.

SHELL := /bin/bash
SCRATCH ?= .build
SWIFT_FLAGS := -c release --scratch-path $(SCRATCH)
PETPARK := $(SCRATCH)/release/PetPark

FASHION ?= .fashion-mnist
PEERS := .venv-benchmarks/bin
EXPORTERS := torch torchvision transformers onnx onnxscript onnxruntime scikit-learn skl2onnx

.PHONY: petpark accuracy fashion test setup build alone snippets plugins format clean
.PHONY: photos benchmark benchmark-onnx benchmark-decoding benchmark-ingest benchmark-join onnx-models fuzz peers

petpark: setup
	swift build $(SWIFT_FLAGS) --product PetPark
	$(PETPARK) demo $(if $(PHOTOS),--photos "$(PHOTOS)") $(ARGS)

# Trains for the best accuracy on photographs, and tests on a fifth of them that training never saw: 45 to 80 minutes.
accuracy: setup photos
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
benchmark: peers
	swift build $(SWIFT_FLAGS) --product Contender
	$(PEERS)/pip install -q torch==2.13.0 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
	$(PEERS)/python Benchmarks/compare.py $(SCRATCH)/release/Contender $(ARGS)

# Whole ONNX models as PyTorch and scikit-learn export them, beside ONNX Runtime.
benchmark-onnx: peers
	swift build $(SWIFT_FLAGS) --product ONNXContender
	$(PEERS)/pip install -q $(EXPORTERS)
	test -d .onnx-bench || $(PEERS)/python Benchmarks/peers/onnx_bench_models.py .onnx-bench
	test -d .onnx-bench/trees-500-forest || $(PEERS)/python Benchmarks/peers/onnx_bench_trees.py .onnx-bench
	$(PEERS)/python Benchmarks/compare_onnx.py $(SCRATCH)/release/ONNXContender .onnx-bench $(ARGS)

# Decoding and loading the photographs of PHOTOS, beside Pillow and OpenCV.
benchmark-decoding: photos peers
	swift build $(SWIFT_FLAGS) --product DecodingContender
	$(PEERS)/pip install -q numpy pillow opencv-python-headless
	$(PEERS)/python Benchmarks/compare_decoding.py $(SCRATCH)/release/DecodingContender "$(PHOTOS)" $(ARGS)

# Taking the photographs of PHOTOS into a store, beside DVC.
benchmark-ingest: photos peers
	swift build $(SWIFT_FLAGS) --product mlops-data
	$(PEERS)/pip install -q dvc==3.67.1
	$(PEERS)/python Benchmarks/ingest.py $(SCRATCH)/release/mlops-data $(PEERS)/dvc "$(PHOTOS)" $(ARGS)

# A million rows joined as of a million moments, beside pandas and DuckDB.
benchmark-join: peers
	swift build $(SWIFT_FLAGS) --product AsOfContender
	$(PEERS)/pip install -q numpy pandas duckdb
	$(PEERS)/python Benchmarks/peers/asof.py $(SCRATCH)/release/AsOfContender $(ARGS)

photos:
	@test -n "$(PHOTOS)" || { echo "Give PHOTOS=DIR, a folder of photographs with one sub-folder per class." >&2; exit 1; }

peers: setup
	.ci/setup python
	test -x $(PEERS)/python || python3 -m venv .venv-benchmarks

# Models by PyTorch, transformers and scikit-learn with random weights, run here and by ONNX Runtime.
onnx-models: build peers
	$(PEERS)/pip install -q $(EXPORTERS)
	$(PEERS)/python Tests/Oracles/onnx_models.py .onnx-models
	$(PEERS)/python Tests/Oracles/onnx_pipelines.py .onnx-models
	MLOPS_ONNX_MODELS=.onnx-models swift test $(SWIFT_FLAGS) --disable-testable-imports --skip-build --filter ModelConformanceTests

# Changed copies of model files, opened and run: COUNT of them; and ROUNDS of each format of data, read one format after
# the other, so that the memory that each takes is known.
fuzz: build
	.ci/fuzz "$(SCRATCH)" $(or $(COUNT),100000)
	MLOPS_FUZZ=$(or $(ROUNDS),10000) swift test $(SWIFT_FLAGS) --disable-testable-imports --skip-build --no-parallel \
	    --filter "SourceFuzzTests|DecoderFuzzTests|HostileAnnotationTests|HTTPFuzzTests|fuzzedListings|ManifestTreeTests|FsckTests"

format:
	swift format --in-place --recursive Sources Tests Examples Benchmarks Package.swift

clean:
	rm -rf .build .build-* .petpark .petpark-accuracy .venv .venv-benchmarks .fashion-mnist .onnx-models .onnx-bench
