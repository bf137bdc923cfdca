// swift-tools-version: 6.2
import PackageDescription

// One target a room (see docs/architecture.md): a room imports only rooms above it in this list.
let package = Package(
  name: "tenon",
  products: [.executable(name: "tenon", targets: ["tenon"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
  ],
  targets: [
    // Not linked: the program loads libpq when it connects.
    .systemLibrary(name: "CLibPQ", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(
      name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

    .target(name: "Diagnostics"),
    .target(name: "Files", dependencies: ["Diagnostics"]),
    .target(name: "Events", dependencies: ["Diagnostics", "Files"]),
    .target(name: "YAML", dependencies: ["CLibYAML", "Diagnostics"]),
    .target(
      name: "Jinja", dependencies: ["Diagnostics", .product(name: "BigInt", package: "BigInt")]),
    .target(name: "Postgres", dependencies: ["CLibPQ", "Diagnostics"]),
    .target(name: "LocalServer", dependencies: ["Diagnostics", "Files"]),
    .target(
      name: "Tenants",
      dependencies: ["Diagnostics", "Postgres", "LocalServer", .product(name: "Crypto", package: "swift-crypto")]),
    .target(
      name: "Project",
      dependencies: ["Diagnostics", "Files", "YAML", "Jinja", .product(name: "Crypto", package: "swift-crypto")]),
    .target(
      name: "Manifest",
      dependencies: [
        "Diagnostics", "YAML", "Jinja", "Project",
        .product(name: "Crypto", package: "swift-crypto"), .product(name: "BigInt", package: "BigInt"),
      ]),
    .executableTarget(name: "embed-files"),
    .plugin(name: "EmbedFiles", capability: .buildTool(), dependencies: ["embed-files"]),
    .target(
      name: "Compiler",
      dependencies: [
        "Diagnostics", "Files", "Events", "YAML", "Jinja", "Postgres", "Project", "Manifest",
        .product(name: "Crypto", package: "swift-crypto"),
      ], exclude: ["Resources"], plugins: ["EmbedFiles"]),
    .target(name: "Runner", dependencies: ["Diagnostics", "Events", "Jinja", "Postgres", "Manifest", "Compiler"]),
    .target(name: "Artifacts", dependencies: ["Events", "Jinja", "Manifest", "Compiler", "Runner"]),
    .executableTarget(
      name: "tenon",
      dependencies: [
        "Diagnostics", "Files", "Events", "YAML", "Jinja", "Postgres", "LocalServer", "Tenants", "Project", "Manifest",
        "Compiler", "Runner", "Artifacts",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      linkerSettings: [
        // At a fixed address nothing is relocated when the program starts: a third of that time, and 3 MB. Nor are its
        // functions there for others.
        .unsafeFlags(
          ["-Xlinker", "-no-pie", "-Xlinker", "--no-export-dynamic"],
          .when(platforms: [.linux], configuration: .release))
      ]),
  ],
  swiftLanguageModes: [.v6]
)
// Tests run with the checks of exclusive access; in a release they would cost 3 % of all time.
for target in package.targets where target.type == .regular || target.type == .executable {
  target.swiftSettings = [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]
}
// Rooms whose tests need a database get one from `TestServer`.
let roomsWithDatabase: Set = ["Postgres", "Tenants", "Compiler", "Runner"]
package.targets.append(
  .target(name: "TestServer", dependencies: ["LocalServer", "Postgres"], path: "Tests/TestServer"))
for name in [
  "Diagnostics", "Files", "Events", "YAML", "Jinja", "Postgres", "LocalServer", "Tenants", "Project", "Manifest",
  "Compiler",
  "Runner", "Artifacts",
] {
  package.targets.append(
    .testTarget(
      name: "\(name)Tests",
      dependencies: [.byName(name: name)] + (roomsWithDatabase.contains(name) ? ["TestServer"] : [])))
}
// The program as people run it.
package.targets.append(.testTarget(name: "CommandTests", dependencies: ["tenon", "Postgres", "TestServer"]))

// `TENON_STRICT=1`, as continuous integration builds: a warning is an error.
if Context.environment["TENON_STRICT"] == "1" {
  for target in package.targets where [.regular, .executable, .test].contains(target.type) {
    target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
  }
}

// `TENON_ROOM=Jinja swift test` builds and tests one room (and what it imports) without waiting for the others.
if let room = Context.environment["TENON_ROOM"] {
  var wanted: Set<String> = []
  func want(_ name: String) {
    guard wanted.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else { return }
    for dependency in target.dependencies {
      if case .byNameItem(let name, _) = dependency { want(name) }
    }
    if name == "Compiler" {
      want("EmbedFiles")
      want("embed-files")
    }
  }
  for name in room.split(separator: ",").map(String.init) {
    want(name)
    want("\(name)Tests")
  }
  package.targets.removeAll { !wanted.contains($0.name) }
  if !wanted.contains("tenon") { package.products = [] }
}
