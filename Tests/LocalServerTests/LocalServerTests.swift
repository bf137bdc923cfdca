import Testing

@testable import LocalServer
