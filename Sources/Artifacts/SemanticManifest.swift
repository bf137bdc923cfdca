import Manifest

/// semantic_manifest.json: what the semantic layer reads of a project. Its shapes are those of dbt-semantic-interfaces
/// 0.9, which dbt-core 1.11 writes it with.
public enum SemanticManifest {
  public static func bytes(_ manifest: Manifest) -> [UInt8] {
    var out = JSONSink(capacity: 4096)
    out.beginObject()
    table("semantic_models", manifest.semanticModels.items, semanticModel, &out)
    table("metrics", manifest.metrics.items, metric, &out)
    out.key("project_configuration")
    out.beginObject()
    out.field("time_spine_table_configurations", .list(oldTimeSpines(manifest)))
    out.field("metadata", .null)
    out.field("dsi_package_version", ["major_version": "0", "minor_version": "9", "patch_version": "0"] as ConfigDict)
    out.field("time_spines", .list(manifest.nodes.items.compactMap(timeSpine)))
    out.endObject()
    table("saved_queries", manifest.savedQueries.items, savedQuery, &out)
    out.endObject()
    return out.bytes
  }

  private static func table(
    _ name: StaticString, _ resources: [Resource], _ shape: Shape, _ out: inout JSONSink
  ) {
    out.field(name, .list(resources.map { shape.applied(to: .dict($0.artifactFields)) }))
  }

  // MARK: Time spines

  private static func timeSpine(_ node: Node) -> ConfigValue? {
    guard let spine = node.timeSpine, let name = spine["standard_granularity_column"]?.asString else { return nil }
    let granularity = node.columns.first { $0.name == name }?.granularity
    let custom = Shape.list(.fields("name column_name")).applied(to: spine["custom_granularities"] ?? .list([]))
    return .dict([
      "node_relation": .dict([
        "alias": .string(node.alias), "schema_name": text(node.schema), "database": text(node.database),
        "relation_name": text(node.relationName),
      ]),
      "primary_column": .dict(["name": .string(name), "time_granularity": text(granularity)]),
      "custom_granularities": custom.isNull ? .list([]) : custom,
    ])
  }

  /// The model of old that is a time spine by its name alone.
  private static func oldTimeSpines(_ manifest: Manifest) -> [ConfigValue] {
    guard !manifest.semanticModels.isEmpty,
      let model = manifest.nodes.items.first(where: { $0.resourceType == .model && $0.name == "metricflow_time_spine" }
      ),
      model.timeSpine == nil
    else { return [] }
    return [.dict(["location": text(model.relationName), "column_name": "date_day", "grain": "day"])]
  }

  private static func text(_ text: String?) -> ConfigValue { text.map { .string($0) } ?? .null }

  // MARK: Shapes

  private typealias Member = Shape.Member

  private static let config = Member("config", .object([Member("meta", standard: .dict(ConfigDict()))]))
  private static let metadata = Member(
    "metadata",
    .fields(
      "repo_file_path",
      Member("file_slice", .fields("filename content start_line_number end_line_number"))))
  private static let filter = Shape.object([
    Member("where_filters", .list(.fields("where_sql_template")), standard: .list([]))
  ])
  private static let window = Shape.fields("count granularity")

  private static let entity = Shape.fields("name description type role expr", metadata, Member("label"), config)

  private static let measure = Shape.fields(
    "name agg description", Member("create_metric", standard: false), Member("expr"),
    Member("agg_params", .fields("percentile use_discrete_percentile use_approximate_percentile")), metadata,
    Member("non_additive_dimension", .fields("name window_choice window_groupings")), Member("agg_time_dimension"),
    Member("label"), config)

  private static let dimension = Shape.fields(
    "name description type", Member("is_partition", standard: false),
    Member("type_params", .fields("time_granularity", Member("validity_params", .fields("is_start is_end")))),
    Member("expr"), metadata, Member("label"), config)

  private static let semanticModel = Shape.fields(
    "name", Member("defaults", .fields("agg_time_dimension")), Member("description"),
    Member("node_relation", .fields("alias schema_name database relation_name")), Member("primary_entity"),
    Member("entities", .list(entity), standard: .list([])), Member("measures", .list(measure), standard: .list([])),
    Member("dimensions", .list(dimension), standard: .list([])), Member("label"), metadata, config)

  private static let inputMeasure = Shape.fields(
    "name", Member("filter", filter), Member("alias"), Member("join_to_timespine", standard: false),
    Member("fill_nulls_with"))

  private static let inputMetric = Shape.fields(
    "name", Member("filter", filter), Member("alias"), Member("offset_window", window), Member("offset_to_grain"))

  private static let conversion = Shape.object([
    Member("base_measure", inputMeasure), Member("conversion_measure", inputMeasure), Member("entity"),
    Member("calculation", standard: "conversion_rate"), Member("window", window),
    Member("constant_properties", .list(.fields("base_property conversion_property"))),
  ])

  private static let typeParameters = Shape.object([
    Member("measure", inputMeasure), Member("numerator", inputMetric), Member("denominator", inputMetric),
    Member("expr"), Member("window", window), Member("grain_to_date"), Member("metrics", .list(inputMetric)),
    Member("conversion_type_params", conversion),
    Member(
      "cumulative_type_params",
      .object([Member("window", window), Member("grain_to_date"), Member("period_agg", standard: "first")])),
    Member("input_measures", .list(inputMeasure), standard: .list([])),
  ])

  private static let metric = Shape.fields(
    "name description type", Member("type_params", typeParameters), Member("filter", filter), metadata,
    Member("label"), config, Member("time_granularity"))

  private static let queryParameters = Shape.object([
    Member("metrics", standard: .list([])), Member("group_by", standard: .list([])),
    Member("order_by", standard: .list([])), Member("limit"), Member("where", filter),
  ])

  private static let savedQuery = Shape.fields(
    "name", Member("query_params", queryParameters), Member("description"), metadata, Member("label"),
    Member(
      "exports",
      .list(
        .fields(
          "name",
          Member("config", .object([Member("export_as"), Member("schema_name"), Member("alias")])))),
      standard: .list([])),
    Member("tags", standard: .list([])))
}
