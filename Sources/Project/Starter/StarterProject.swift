/// What `init` makes: a project that runs as it is, with a model that reads another and tests for both.
public struct StarterProject: Sendable {
  public let name: String
  /// The profile in profiles.yml that the project uses.
  public let profile: String

  public init(name: String, profile: String) {
    self.name = name
    self.profile = profile
  }

  /// Letters, digits and underscores, no digit first; and none of the names that the built-in packages have.
  public static func isValid(name: String) -> Bool {
    guard let first = name.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else { return false }
    guard !["dbt", "dbt_postgres"].contains(name) else { return false }
    return name.unicodeScalars.allSatisfy {
      $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
    }
  }

  /// The files with their paths in the project, which may be empty (they keep folders in a repository).
  public var files: [(path: String, text: String)] {
    [
      ("dbt_project.yml", configuration), (".gitignore", "target/\ndbt_packages/\nlogs/\n"), ("README.md", readme),
      ("models/example/numbers.sql", Self.numbers), ("models/example/even_numbers.sql", Self.evenNumbers),
      ("models/example/schema.yml", Self.properties),
    ] + ["analyses", "macros", "seeds", "snapshots", "tests"].map { ("\($0)/.gitkeep", "") }
  }

  private var configuration: String {
    """
    name: '\(name)'
    version: '1.0.0'

    # The profile says which database this runs in; profiles.yml has it.
    profile: '\(profile)'

    # Where things are looked for. These are the folders of this project; more can be listed.
    model-paths: ["models"]
    analysis-paths: ["analyses"]
    test-paths: ["tests"]
    seed-paths: ["seeds"]
    macro-paths: ["macros"]
    snapshot-paths: ["snapshots"]

    # What the clean command removes.
    clean-targets:
      - "target"
      - "dbt_packages"

    # Configurations have a + in front. A `config()` in a model's file comes before these.
    models:
      \(name):
        example:
          +materialized: view

    """
  }

  private var readme: String {
    """
    # \(name)

    `build` runs everything: seeds, models, snapshots and tests, each after what it needs.

    | folder | for |
    |---|---|
    | models | queries that become views and tables; the two in `example` can go |
    | seeds | small CSV files to load |
    | snapshots | histories of rows that change |
    | tests | queries that must find nothing |
    | macros | SQL to use again |
    | analyses | queries to compile but not to run |

    """
  }

  private static let numbers = """
    {{ config(materialized='table') }}

    select number from generate_series(1, 10) as series (number)

    """

  private static let evenNumbers = """
    -- `ref` names another model: this one runs after it.
    select number
    from {{ ref('numbers') }}
    where number % 2 = 0

    """

  private static let properties = """
    version: 2

    models:
      - name: numbers
        description: Numbers from one to ten
        columns:
          - name: number
            description: Each comes once
            data_tests:
              - unique
              - not_null

      - name: even_numbers
        description: Those that two divides
        columns:
          - name: number
            data_tests:
              - not_null
              - relationships:
                  arguments:
                    to: ref('numbers')
                    field: number

    """
}
