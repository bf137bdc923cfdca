// The Artifacts room; see docs/architecture.md.
