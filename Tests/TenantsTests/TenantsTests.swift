import Testing

@testable import Tenants
