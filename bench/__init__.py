"""The committed benchmarks: `make bench` measures the figures of docs/performance.md on this machine."""
