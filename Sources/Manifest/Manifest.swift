// The Manifest room; see docs/architecture.md.
