// Derivatives against central finite differences, in double precision.

import EnsueLayers
import EnsueTensor

/// Compares the gradient of `loss` with finite differences, for every element of every parameter of `model`.
package func gradientDisagreements<Model: Module>(
  of model: Model, step: Double = 1e-5, relative: Double = 1e-6, absolute: Double = 1e-8, loss: (Model) -> Tensor
) -> [(parameter: String, disagreement: Disagreement)] {
  let model = model.converted(to: .float64)
  let (_, gradients) = valueAndGradient(of: model, loss)
  return model.parameters.filter { $0.training != .none }.map { parameter in
    let values = parameter.tensor.doubles
    let numeric = values.indices.map { index -> Double in
      func shifted(_ amount: Double) -> Double {
        var changed = values
        changed[index] += amount
        var copy = model
        copy.forEachParameter { name, tensor, _ in
          if name == parameter.name { tensor = Tensor(changed, shape: tensor.shape) }
        }
        return loss(copy).scalar
      }
      return (shifted(step) - shifted(-step)) / (2 * step)
    }
    let analytic = gradients[parameter.name]?.dense.doubles ?? values.map { _ in 0 }
    return (parameter.name, Disagreement(analytic, numeric, relative: relative, absolute: absolute))
  }
}

/// A module of named tensors, to differentiate a plain function.
package struct TensorList: Module {
  package var tensors: [Tensor]

  package init(_ tensors: [Tensor]) { self.tensors = tensors }

  package mutating func visit(_ visitor: inout ParameterVisitor) {
    for index in tensors.indices { visitor.parameter("input\(index)", &tensors[index]) }
  }
}
