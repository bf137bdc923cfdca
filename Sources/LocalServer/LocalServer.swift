// The LocalServer room; see docs/architecture.md.
