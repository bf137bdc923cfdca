import Diagnostics
import Testing

@testable import Tenants

@Suite struct TenantNameTests {
  @Test(arguments: ["a", "my_company", "My-Company_2", "-", "_", "0", String(repeating: "x", count: 50)])
  func valid(name: String) throws {
    #expect(try TenantName(name).text == name)
  }

  @Test(arguments: ["", " ", "invalid name!", "a.b", "ä", "аcme", "a\n", "a\0", String(repeating: "x", count: 51)])
  func invalid(name: String) {
    #expect {
      try TenantName(name)
    } throws: { error in
      guard let diagnostic = error as? Diagnostic else { return false }
      return diagnostic.code == "invalid-tenant-name"
        && diagnostic.hint?.contains("tenon tenant create my_company") == true
        && !diagnostic.message.utf8.contains(0) && !diagnostic.message.contains("\n")
    }
  }

  @Test func defaults() throws {
    let tenant = try TenantConfiguration(TenantName("My-Company_2"))
    #expect(tenant.database == "My-Company_2_db")
    #expect(tenant.bucket == "My-Company_2-data-lake")
    #expect(tenant.prefix == "ecommerce-data")
    #expect(tenant.paths.map(\.entity) == ["customers", "orders", "products", "regions"])
    #expect(tenant.paths[1].path == "s3://My-Company_2-data-lake/ecommerce-data/orders/")
    #expect(tenant.warnings.count == 1)
    #expect(tenant.warnings.first?.hint == "It would accept 'my-company-2-data-lake'.")
    #expect(try TenantConfiguration(TenantName("acme")).warnings.isEmpty)
  }

  @Test func predefinedTenantsWin() throws {
    let settings = try TenancySettings(
      tenancy: ["database": "t_{tenant}", "bucket": "lake", "prefix": "{tenant}/raw", "schemas": "a, b"],
      tenants: [
        "tenant_a": ["s3_bucket": "tenant-a-data-lake", "s3_prefix": "ecommerce-data", "database": "tenant_a_db"]
      ])
    let a = try TenantConfiguration(TenantName("tenant_a"), settings: settings)
    #expect([a.database, a.bucket, a.prefix] == ["tenant_a_db", "tenant-a-data-lake", "ecommerce-data"])
    #expect(a.isPredefined)
    let b = try TenantConfiguration(TenantName("b"), settings: settings)
    #expect([b.database, b.bucket, b.prefix] == ["t_b", "lake", "b/raw"])
    #expect(b.paths.first?.path == "s3://lake/b/raw/customers/")
    #expect(settings.schemas == ["a", "b"])
  }

  @Test func wrongSettings() {
    #expect(throws: Diagnostics.self) { try TenancySettings(tenancy: ["databse": "x_{tenant}"]) }
    #expect(throws: Diagnostics.self) { try TenancySettings(tenancy: ["database": "shared"]) }
    #expect(throws: Diagnostics.self) { try TenancySettings(tenancy: ["bucket": "lake"]) }
    #expect(throws: Diagnostics.self) { try TenancySettings(tenancy: [:], tenants: ["not valid": [:]]) }
    #expect(throws: Diagnostics.self) {
      try TenancySettings(tenancy: [:], tenants: ["a": ["database": "x"], "b": ["database": "x"]])
    }
    #expect(throws: Diagnostic.self) {
      try TenantConfiguration(TenantName("postgres"), settings: TenancySettings(tenancy: ["database": "{tenant}"]))
    }
  }

  @Test func collisions() throws {
    func tenant(_ name: String) throws -> TenantConfiguration { try TenantConfiguration(TenantName(name)) }
    #expect(try tenant("my_company").collides(with: tenant("my-company")) == "the bucket 'my-company-data-lake'")
    #expect(try tenant("Acme").collides(with: tenant("acme")) != nil)
    #expect(try tenant("acme").collides(with: tenant("acme")) == nil)
    #expect(try tenant("acme1").collides(with: tenant("acme2")) == nil)
    // One bucket, two prefixes: apart.
    let settings = try TenancySettings(tenancy: ["bucket": "lake", "prefix": "{tenant}"])
    let a = try TenantConfiguration(TenantName("a_b"), settings: settings)
    #expect(try a.collides(with: TenantConfiguration(TenantName("a-b"), settings: settings)) == nil)
  }

  @Test(arguments: [
    ("acme-data-lake", "acme-data-lake"), ("Acme_Data", "acme-data"), ("a", "a00"), ("-a-b-", "a-b"),
    ("192.168.0.1", "b-192.168.0.1"),
    ("xn--abc", "b-xn--abc"), ("abc-s3alias", "abc-s3alias-b"), ("a..b", "a.-b"), ("___", "000"),
    (String(repeating: "x", count: 70), String(repeating: "x", count: 63)),
  ])
  func buckets(name: String, accepted: String) {
    #expect(BucketName.accepted(name) == accepted)
    #expect(BucketName.problem(accepted) == nil)
    #expect((BucketName.problem(name) == nil) == (name == accepted))
  }

  /// Whatever would share a bucket with a name is found by the name's pattern.
  @Test func bucketPatterns() {
    let names = [
      "acme-data-lake", "Acme_Data-Lake", "acme.data.lake", "-acme--data", "acme__data-", "x-s3alias", "x-s3alias-b",
      "xn--abc", "b-xn--abc", "a", "a00", "a0", String(repeating: "Y", count: 70), String(repeating: "y", count: 63),
      "a..b", "a.-b", "192.168.0.1", "b-192.168.0.1",
    ]
    for one in names {
      for other in names where BucketName.accepted(one) == BucketName.accepted(other) {
        let pattern = Array(BucketName.pattern(one).map { $0 == "%" ? "*" : String($0) }.joined())
        let text = "{\"bucket\": \"\(other)\"}".lowercased()
        #expect(Glob.matches(String(pattern), text), "\(one) \(other)")
      }
    }
    #expect(!Glob.matches(BucketName.pattern("acme-data-lake").replacing("%", with: "*"), "globex-data-lake"))
  }

  @Test func hundredsOfPredefinedTenants() throws {
    var tenants: [String: [String: String]] = [:]
    for i in 0..<3000 { tenants["customer-\(i)"] = ["s3_prefix": "p"] }
    let settings = try TenancySettings(tenancy: [:], tenants: tenants)
    #expect(settings.predefinedNames.count == 3000)
    tenants["Customer_7"] = ["s3_prefix": "p"]
    do {
      _ = try TenancySettings(tenancy: [:], tenants: tenants)
      Issue.record("two tenants share a bucket")
    } catch let problems as Diagnostics { #expect(problems.all.map(\.code) == ["tenant-collision"]) }
  }

  @Test func marks() {
    var mark = TenantMark(tenant: "acme", tool: "tenon \"1\"\n\u{1}é😀")
    mark.createdAt = "2024-01-01T00:00:00Z"
    mark.lastRunStatus = "success"
    #expect(TenantMark(comment: mark.comment) == mark)
    #expect(TenantMark(comment: nil) == nil)
    #expect(TenantMark(comment: "{\"tenant\": \"acme\"}") == nil)
    #expect(TenantMark(comment: "my database") == nil)
    #expect(TenantMark(comment: "{\"tenon\": 1, \"tenant\": \"\\u00e9\\ud83d\\ude00\", \"x\": null}")?.tenant == "é😀")
    #expect(TenantMark(comment: "{\"tenon\": 1, \"tenant\": \"a\"") == nil)
  }
}
