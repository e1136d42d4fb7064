# What one does with the project; `just` alone lists it.

default:
    @just --list

# Read input/ and publish in output/
run *arguments:
    cargo run -- run {{ arguments }}

# All tests
test:
    cargo test

# Format, then lint
lint:
    cargo fmt
    cargo clippy --all-targets -- -D warnings

# All that must hold before a change lands
ci:
    .ci/run

# Break runs in every way the system knows; `--long` tries every case (needs strace, and root for mounts)
faults *arguments:
    cargo build
    python3 scripts/faults.py {{ arguments }}

# Load real databases and object stores, and disturb them: 2,000 annexes, 100 kills (needs PostgreSQL's server, npm)
warehouses:
    cargo build --release
    python3 -m venv target/warehouses
    target/warehouses/bin/pip install --quiet --requirement scripts/requirements-warehouses.txt
    npm install --silent --no-audit --no-fund --prefix target/npm azurite@3 @duckdb/node-bindings-linux-x64@1.5.6-r.1
    target/warehouses/bin/python scripts/warehouses.py --binary target/release/bluebook --annexes 2000 --kills 10 \
        --duckdb target/npm/node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so
    target/warehouses/bin/python scripts/stores.py --binary target/release/bluebook --long \
        --azurite target/npm/node_modules/azurite/dist/src/blob/main.js

# Try the page in Chromium: axe-core, keys, requests, print; leaves screenshots (needs chromium, npm)
page:
    cargo build
    node scripts/page.mjs target/debug/bluebook target/page

# Types and tests of the Python package
python:
    cargo build
    BLUEBOOK_BINARY=target/debug/bluebook scripts/python.sh target/python

# Airflow and Dagster run the annex by the package and by the examples
orchestrators *arguments:
    cargo build
    BLUEBOOK_BINARY=target/debug/bluebook scripts/orchestrators.sh target/orchestrators {{ arguments }}

# Spark on two threads, on two executors of which one is killed, and Sail: 2,000 annexes, times (needs Java 17)
engines:
    cargo build --release
    python3 -m venv target/spark
    target/spark/bin/pip install --quiet --requirement scripts/requirements-spark.txt
    target/spark/bin/python scripts/spark.py local --binary target/release/bluebook --times 5
    target/spark/bin/python scripts/spark.py cluster --binary target/release/bluebook
    target/spark/bin/python scripts/spark.py sail --binary target/release/bluebook --times 5

# Have extractors of PDF read the annex, and keep what they give for the tests (needs poppler-utils)
extractors:
    cargo build
    python3 -m venv target/extractors
    target/extractors/bin/pip install --quiet --requirement scripts/requirements-extractors.txt docling-core==2.104.0
    target/extractors/bin/python scripts/extractors.py target/debug/bluebook --docling --samples

# Look for bytes that break a law: text, workbook, definition, period or figure (needs cargo-fuzz and a nightly Rust)
fuzz target="text" seconds="1800":
    mkdir -p fuzz/corpus/{{ target }}
    cargo +nightly fuzz run --sanitizer none {{ target }} fuzz/corpus/{{ target }} fuzz/seeds/{{ target }} -- \
        -max_total_time={{ seconds }} -max_len=8192 -timeout=20 -rss_limit_mb=2048 -dict=fuzz/dictionaries/{{ target }}.dict

# What the book claims about speed: parts, then whole processes against a script in Python
bench:
    cargo bench
    cargo build --release
    python3 -m venv target/venv
    target/venv/bin/pip install --quiet --requirement scripts/requirements.txt
    target/venv/bin/python scripts/pairs.py

# Make the tables of region names anew from their sources
regions:
    python3 -m venv target/venv
    target/venv/bin/pip install --quiet babel==2.18.0 countrynames==1.17.0 pycountry==26.2.16
    target/venv/bin/python scripts/regions.py
    target/venv/bin/python scripts/region_names.py

# Write the data dictionary into the book
dictionary:
    scripts/dictionary.sh

# Build docs/ as a book in docs/book (installs mdbook where it is missing)
book:
    command -v mdbook > /dev/null || cargo install mdbook --locked
    mdbook build docs

# Licences, sources and known faults of all dependencies (needs cargo-deny)
deny:
    cargo deny check

# Workflows, the action, the Dockerfile and the examples against their schemas, and the action on a made-up release
distribution:
    cargo build
    scripts/distribution.sh target/debug/bluebook

# What documents of odd shapes cost, in time and memory, at three sizes
costs:
    cargo build --release
    python3 -m venv target/venv
    target/venv/bin/pip install --quiet --requirement scripts/requirements.txt
    target/venv/bin/python scripts/costs.py

# Damage documents in twenty thousand ways: what is published all the same is right, but for what the book lists
damage:
    cargo test --test main -- --ignored --nocapture damage::
