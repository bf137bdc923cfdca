// The Project room; see docs/architecture.md.
