import Diagnostics
import YAML

/// A named selection of `selectors.yml`.
public struct Selector: Sendable {
  public var name: String
  public var description: String
  public var isDefault: Bool
  public var definition: SelectorDefinition
  /// The entry as dbt's manifest holds it: strings in their long form, inherited selectors put in place.
  public var normalized: YAMLValue
  public var range: SourceRange
}

/// What a selector selects.
public indirect enum SelectorDefinition: Sendable {
  case criterion(SelectionCriterion)
  case union([SelectorDefinition])
  case intersection([SelectorDefinition])
  case difference(SelectorDefinition, excluding: SelectorDefinition)
}
