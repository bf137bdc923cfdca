// The Compiler room; see docs/architecture.md.
