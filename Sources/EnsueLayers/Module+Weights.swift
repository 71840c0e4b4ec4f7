// Weights in files: by name, checked as a whole.

import EnsueFiles
import EnsueTensor

extension Module {
  /// The parameters as they are written to a file.
  public var namedTensors: [(name: String, tensor: Tensor)] { parameters.map { ($0.name, $0.tensor) } }

  /// Takes all parameters from a file; what the file has besides is left alone.
  /// - Parameters:
  ///   - prefix: before every parameter's name in the file.
  ///   - path: the file, for messages.
  /// - Throws: as `take`.
  public mutating func load(_ reader: borrowing SafetensorsReader, prefix: String = "", path: String) throws {
    var names = WeightNaming { [WeightPlace(String($0.dropFirst(prefix.count)))] }
    names.isIgnored = { !$0.utf8.starts(with: prefix.utf8) }
    names.theirs = { prefix + $0 }
    _ = try take(reader, names, at: path)
  }

  /// Takes parameters from weights that another program named.
  /// - Parameters:
  ///   - own: the parameter that a tensor holds; nil for none.
  ///   - ignored: tensors that are no part of the model and are not spoken of.
  ///   - optional: parameters, by their own names, that may be missing: a head that is to be trained.
  /// - Returns: the optional parameters that were missing, and the tensors that were not used.
  /// - Throws: as the other `take`.
  @discardableResult
  public mutating func take<Source: WeightSource & ~Copyable>(
    _ weights: borrowing Source, own: @escaping (String) -> String?,
    ignored: @escaping (String) -> Bool = { _ in false }, optional: @escaping (String) -> Bool = { _ in false }
  ) throws -> WeightReport {
    var names = WeightNaming { name in own(name).map { [WeightPlace($0)] } ?? [] }
    (names.isIgnored, names.isOptional) = (ignored, optional)
    return try take(weights, names, at: weights.source)
  }

  /// Takes every parameter from `weights`, which have its names and nothing else.
  /// - Throws: as the other `take`.
  public mutating func take<Source: WeightSource & ~Copyable>(_ weights: borrowing Source) throws {
    var names = WeightNaming { [WeightPlace($0)] }
    names.refusesUnused = true
    _ = try take(weights, names, at: weights.source)
  }

  /// Takes parameters from weights of any names.
  /// - Parameter place: for messages.
  /// - Throws: `Failure` of kind `data` that names, together, what is missing, of another shape, and without a place; the
  ///   module is then unchanged. Numbers that are not finite, and files that cannot be read, are found while weights are
  ///   taken: then some of them are.
  public mutating func take<Source: WeightSource & ~Copyable>(
    _ weights: borrowing Source, _ names: WeightNaming, at place: String
  ) throws -> WeightReport {
    var shapes: [(name: String, sizes: [Int])] = []
    forEachShape { name, tensor, _ in shapes.append((name, tensor.shape.sizes)) }
    var matching = WeightMatching(shapes)
    for name in weights.names where !names.isIgnored(name) {
      matching.add(name, sizes: weights.sizes(name) ?? [], to: names.places(name))
    }
    let report = try matching.report(names, at: place)
    var problems = WeightProblems()
    var failure: (any Error)?
    // One tensor at a time: the memory of two models is never needed.
    forEachShape { name, tensor, _ in
      guard failure == nil, let origin = matching.origins[name] else { return }
      do {
        tensor = origin.place.part(of: try weights.tensor(origin.name)).converted(to: tensor.elementType)
        // By the file's name, as all else; a joint matrix is said once.
        if !tensor.isFinite, !problems.nonFinite.contains(origin.name) { problems.nonFinite.append(origin.name) }
      } catch { failure = error }
    }
    Storage.releaseKept()
    if let failure { throw failure }
    try problems.check(at: place)
    return report
  }
}
