// The Tenants room; see docs/architecture.md.
