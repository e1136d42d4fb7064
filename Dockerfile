# syntax=docker/dockerfile:1

# bluebook in an image of its own: the program, the C library it is linked with, and a user that is not root. No
# shell.
#
#   docker build --tag bluebook .
#   docker run --rm --read-only --tmpfs /tmp --network none --user "$(id -u):$(id -g)" \
#     --volume "$PWD/input:/figures/input:ro" --volume "$PWD/output:/figures/output" bluebook
#
# Pin both images by digest where builds are to be the same for years; the versions of all crates are in Cargo.lock.

# It has a C compiler, which two crates (zstd, ring) need.
FROM rust:1-slim-bookworm AS builder
WORKDIR /build
COPY . .
# amd64 or arm64: a release puts the programs that it built for both in place of this stage.
ARG TARGETARCH
# Paths of this machine would else stand in the binary.
ENV RUSTFLAGS="--remap-path-prefix=/build=. --remap-path-prefix=/usr/local/cargo=."
# The registry and the target folder are kept between builds.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin bluebook \
 && install -D -m 755 target/release/bluebook /out/$TARGETARCH/bluebook \
 && install -d -m 755 /out/figures/input /out/figures/output

# For pipelines that run a script in the image (GitLab's, GitHub's container jobs), which takes a shell:
#   docker build --target ci --tag bluebook-ci .
FROM debian:bookworm-slim AS ci
ARG TARGETARCH
COPY --from=builder /out/$TARGETARCH/bluebook /usr/local/bin/bluebook
RUN useradd --uid 65532 --create-home figures
USER 65532:65532

FROM gcr.io/distroless/cc-debian12:nonroot
ARG TARGETARCH
LABEL org.opencontainers.image.title="bluebook" \
      org.opencontainers.image.description="Turns published statistical tables into verified, analysis-ready Parquet and CSV" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=builder --chown=65532:65532 /out/figures /figures
COPY --from=builder /out/$TARGETARCH/bluebook /usr/local/bin/bluebook
WORKDIR /figures
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/bluebook"]
CMD ["run", "input", "--output", "output"]
