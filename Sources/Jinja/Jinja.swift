// The Jinja room; see docs/architecture.md.
