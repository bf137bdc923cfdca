extension Node {
  /// Another node with the same contents, for another tenant's manifest: nothing of a run, no place in a graph.
  public func copy() -> Node {
    let node = Node(
      resourceType, uniqueID: uniqueID, name: name, packageName: packageName, path: path,
      originalFilePath: originalFilePath, fqn: fqn, config: config, alias: alias, database: database, schema: schema,
      checksum: checksum, rawCode: rawCode)
    node.range = range
    node.unrenderedConfig = unrenderedConfig
    node.tags = tags
    node.meta = meta
    node.description = description
    node.group = group
    node.dependsOn = dependsOn
    node.refs = refs
    node.sources = sources
    node.metrics = metrics
    node.functions = functions
    node.createdAt = createdAt
    node.patchPath = patchPath
    node.relationName = relationName
    node.columns = columns
    node.docs = docs
    node.configCall = configCall
    node.unrenderedConfigCall = unrenderedConfigCall
    node.docBlocks = docBlocks
    node.language = language
    node.contract = contract
    node.access = access
    node.constraints = constraints
    node.version = version
    node.latestVersion = latestVersion
    node.deprecationDate = deprecationDate
    node.primaryKey = primaryKey
    node.timeSpine = timeSpine
    node.rootPath = rootPath
    node.index = index
    node.columnName = columnName
    node.fileKeyName = fileKeyName
    node.attachedNode = attachedNode
    node.testMetadata = testMetadata
    node.functionArguments = functionArguments
    node.functionReturns = functionReturns
    return node
  }
}

extension Macro {
  /// Another macro with the same contents, for another tenant's manifest.
  public func copy() -> Macro {
    let macro = Macro(
      uniqueID: uniqueID, name: name, packageName: packageName, path: path, originalFilePath: originalFilePath,
      macroSQL: macroSQL)
    macro.range = range
    macro.dependsOnMacros = dependsOnMacros
    macro.description = description
    macro.meta = meta
    macro.docs = docs
    macro.configMeta = configMeta
    macro.configDocs = configDocs
    macro.configExtra = configExtra
    macro.patchPath = patchPath
    macro.arguments = arguments
    macro.createdAt = createdAt
    macro.supportedLanguages = supportedLanguages
    return macro
  }
}
