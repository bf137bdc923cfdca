// The Postgres room; see docs/architecture.md.
