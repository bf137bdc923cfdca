/// The shapes of metrics, semantic models and saved queries.
enum SemanticSchemas {
  private static let text: PropertyShape = .optional(.string)
  private static let texts: PropertyShape = .list(.string)
  private static let filter: PropertyShape = .optional(.either([.string, texts]))

  private static func closed(_ fields: [String: PropertyShape], _ required: String...) -> PropertyShape {
    .record(fields, required: required, closed: true)
  }

  // MARK: Metrics

  private static let inputMeasure: PropertyShape = .either([
    .string,
    closed(
      [
        "name": .string, "filter": filter, "alias": text, "join_to_timespine": .boolean,
        "fill_nulls_with": .optional(.integer),
      ], "name"),
  ])
  private static let inputMetric: PropertyShape = .either([
    .string,
    closed(
      ["name": .string, "filter": filter, "alias": text, "offset_window": text, "offset_to_grain": text], "name"),
  ])
  private static let conversion = closed(
    [
      "base_measure": inputMeasure, "conversion_measure": inputMeasure, "entity": .string, "calculation": .string,
      "window": text,
      "constant_properties": .optional(
        .list(
          closed(
            ["base_property": .string, "conversion_property": .string], "base_property", "conversion_property"))),
    ], "base_measure", "conversion_measure", "entity")
  private static let parameters = closed([
    "measure": .optional(inputMeasure), "numerator": .optional(inputMetric), "denominator": .optional(inputMetric),
    "expr": .optional(.either([.string, .boolean])), "window": text, "grain_to_date": text,
    "metrics": .optional(.list(inputMetric)), "conversion_type_params": .optional(conversion),
    "cumulative_type_params": .optional(closed(["window": text, "grain_to_date": text, "period_agg": .string])),
  ])
  static let metric = closed(
    [
      "name": .string, "label": .string, "type": .string, "type_params": parameters, "description": .string,
      "filter": filter, "time_granularity": text, "meta": .object, "tags": texts,
      "config": .object,
    ], "name", "label", "type", "type_params")

  // MARK: Semantic models

  private static let entity = closed(
    [
      "name": .string, "type": .string, "description": text, "label": text, "role": text, "expr": text,
      "config": .object,
    ], "name", "type")
  private static let measure = closed(
    [
      "name": .string, "agg": .string, "description": text, "label": text,
      "expr": .optional(.either([.string, .boolean, .integer])),
      "agg_params": .optional(
        closed([
          "percentile": .optional(.number), "use_discrete_percentile": .boolean,
          "use_approximate_percentile": .boolean,
        ])),
      "non_additive_dimension": .optional(
        closed(
          ["name": .string, "window_choice": .string, "window_groupings": texts], "name", "window_choice")),
      "agg_time_dimension": text, "create_metric": .boolean, "config": .object,
    ], "name", "agg")
  private static let dimension = closed(
    [
      "name": .string, "type": .string, "description": text, "label": text, "is_partition": .boolean,
      "type_params": .optional(
        closed(
          [
            "time_granularity": .string,
            "validity_params": .optional(closed(["is_start": .boolean, "is_end": .boolean])),
          ], "time_granularity")),
      "expr": text, "config": .object,
    ], "name", "type")
  static let model = closed(
    [
      "name": .string, "model": .string, "config": .object, "description": text, "label": text,
      "defaults": .optional(closed(["agg_time_dimension": text])), "entities": .list(entity),
      "measures": .list(measure), "dimensions": .list(dimension), "primary_entity": text,
    ], "name", "model")

  // MARK: Saved queries

  static let query = closed(
    [
      "name": .string, "description": text, "label": text, "config": .object, "tags": .either([.string, texts]),
      "query_params": closed([
        "metrics": texts, "group_by": texts, "where": filter, "order_by": texts, "limit": .optional(.integer),
      ]),
      "exports": .list(closed(["name": .string, "config": .object], "name")),
    ], "name", "query_params")
}
