import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

private func golden(of operation: OperationCase) throws -> OperationGolden {
  try OperationGolden(operation, try SafetensorsReader(TestFiles.golden("\(operation.file).safetensors")))
}

@Test(arguments: OperationCase.all) func forwardEqualsPyTorch(_ operation: OperationCase) throws {
  let golden = try golden(of: operation)
  let result = try Checks.$areOn.withValue(true) { try operation.build(golden.inputs, golden) }
  let disagreement = Disagreement(result, golden.output, relative: 1e-12, absolute: 1e-13)
  #expect(disagreement.isSmall, "\(disagreement)")
}

@Test(arguments: OperationCase.all) func forwardInSinglePrecisionIsClose(_ operation: OperationCase) throws {
  let golden = try golden(of: operation)
  let result = try operation.build(golden.inputs.map { $0.converted(to: .float32) }, golden)
  let disagreement = Disagreement(
    result.doubles, golden.output.doubles, relative: 2e-5, absolute: 2e-6)
  #expect(disagreement.isSmall, "\(disagreement)")
}

@Test(arguments: OperationCase.all) func gradientEqualsFiniteDifferences(_ operation: OperationCase) throws {
  let golden = try golden(of: operation)
  // Weighted, so that every element of the result has its own part in the loss.
  let weights = Tensor.uniform(golden.output.shape, in: 0.5...1.5, key: RandomKey(seed: 5), .float64)
  let build = operation.build
  let disagreements = gradientDisagreements(of: TensorList(golden.inputs), relative: operation.gradientTolerance) {
    list in
    // A case that throws has already failed above.
    (((try? build(list.tensors, golden)) ?? list.tensors[0]) * weights).sum()
  }
  for (parameter, disagreement) in disagreements {
    #expect(disagreement.isSmall, "\(parameter): \(disagreement)")
  }
}

@Test(arguments: OperationCase.all) func oneThreadEqualsManyBitForBit(_ operation: OperationCase) throws {
  let golden = try golden(of: operation)
  let results = try [1, 2, 3, 7].map { count in
    try ThreadPool.$current.withValue(ThreadPool(threadCount: count)) { try operation.build(golden.inputs, golden) }
  }
  for result in results { #expect(result.isIdentical(to: results[0])) }
}
