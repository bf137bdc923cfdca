// The Runner room; see docs/architecture.md.
