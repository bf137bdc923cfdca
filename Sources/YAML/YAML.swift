// The YAML room; see docs/architecture.md.
