// Anything with parameters. `visit` names each parameter once, in order; counting, saving, loading, optimising and
// converting are all derived from it.

import EnsueTensor

/// A part of a model: a value that holds parameters and other parts.
public protocol Module: Sendable {
  /// Names every parameter and every part once, always in the same order.
  mutating func visit(_ visitor: inout ParameterVisitor)
}

/// Which elements of a parameter change in training.
public enum ParameterTraining: Sendable, Equatable {
  case all
  case none
  /// Only these rows of a matrix: the unknown word's among frozen word vectors.
  case rows([Int])
}

/// Walks over the parameters of a module, building their dotted names.
public struct ParameterVisitor {
  private let body: (String, inout Tensor, ParameterTraining) -> Void
  private var prefix = ""
  /// Whether numbers of parameters are looked at, or their shapes alone: packed ones need not be laid out then.
  let readsNumbers: Bool

  fileprivate init(readsNumbers: Bool, _ body: @escaping (String, inout Tensor, ParameterTraining) -> Void) {
    (self.body, self.readsNumbers) = (body, readsNumbers)
  }

  /// Visits a parameter of the module that is being visited.
  public mutating func parameter(_ name: String, _ tensor: inout Tensor, training: ParameterTraining = .all) {
    body(prefix + name, &tensor, training)
  }

  /// Visits a part of the module that is being visited.
  public mutating func module(_ name: String, _ module: inout some Module) {
    let outer = prefix
    prefix += name + "."
    module.visit(&self)
    prefix = outer
  }
}

extension ParameterVisitor {
  /// Visits a part under the visitor's own name, of whose parameters only those are trained that `trains` says so of.
  /// - Parameter trains: of a parameter's name within the part.
  public mutating func part(_ part: inout some Module, trains: (String) -> Bool) {
    let (outer, start, reads) = (body, prefix, readsNumbers)
    withoutActuallyEscaping(trains) { trains in
      var inner = ParameterVisitor(readsNumbers: reads) { name, tensor, training in
        outer(start + name, &tensor, trains(name) ? training : .none)
      }
      part.visit(&inner)
    }
  }
}

/// A parameter as found in a module.
public struct NamedParameter: Sendable {
  public let name: String
  public let tensor: Tensor
  public let training: ParameterTraining
}

extension Module {
  /// The parameters with their dotted names, in the order of `visit`.
  public var parameters: [NamedParameter] {
    var parameters: [NamedParameter] = []
    var copy = self
    copy.forEachParameter { name, tensor, training in
      parameters.append(NamedParameter(name: name, tensor: tensor, training: training))
    }
    return parameters
  }

  /// The number of numbers that training changes.
  public var trainedCount: Int {
    var (copy, count) = (self, 0)
    copy.forEachShape { _, tensor, training in
      switch training {
      case .all: count += tensor.count
      case .none: break
      case .rows(let rows): count += rows.count * tensor.shape[1]
      }
    }
    return count
  }

  /// The number of all numbers.
  public var parameterCount: Int {
    var (copy, count) = (self, 0)
    copy.forEachShape { _, tensor, _ in count += tensor.count }
    return count
  }

  /// Calls `body` with every parameter, which it may change.
  public mutating func forEachParameter(_ body: (String, inout Tensor, ParameterTraining) -> Void) {
    withoutActuallyEscaping(body) { body in
      var visitor = ParameterVisitor(readsNumbers: true, body)
      visit(&visitor)
    }
  }

  /// Calls `body` with every parameter, of which it may look at shape and type alone, and which it may replace. Tensors
  /// of packed weights have no numbers here.
  mutating func forEachShape(_ body: (String, inout Tensor, ParameterTraining) -> Void) {
    withoutActuallyEscaping(body) { body in
      var visitor = ParameterVisitor(readsNumbers: false, body)
      visit(&visitor)
    }
  }

  /// The same module computing in another number type.
  public func converted(to type: ElementType) -> Self {
    var copy = self
    copy.forEachParameter { _, tensor, _ in tensor = tensor.converted(to: type) }
    return copy
  }
}
