// The Events room; see docs/architecture.md.
