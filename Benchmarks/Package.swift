// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "EnsueBenchmarks",
  products: [.executable(name: "ensue-bench", targets: ["EnsueBench"])],
  dependencies: [.package(name: "Ensue", path: "..")],
  targets: [
    .target(name: "CMachinePeak"),
    .executableTarget(
      name: "EnsueBench",
      dependencies: ["CMachinePeak", .product(name: "Ensue", package: "Ensue")],
      swiftSettings: [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]),
  ]
)
