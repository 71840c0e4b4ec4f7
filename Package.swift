// swift-tools-version: 6.2
import PackageDescription

#if os(macOS)
  let highwayPkgConfig: String? = "libhwy"
#else
  // Its flags name a macro that the package manager refuses with a warning, and none is needed where libraries live in
  // the usual places.
  let highwayPkgConfig: String? = nil
#endif

let package = Package(
  name: "Ensue",
  products: [
    .library(name: "Ensue", targets: ["Ensue"]),
    .executable(name: "ensue", targets: ["EnsueCommand"]),
  ],
  targets: [
    // Libraries of the system. `make setup` installs them; Documentation/Architecture.md says why each.
    .systemLibrary(
      name: "CHighway", pkgConfig: highwayPkgConfig,
      providers: [.apt(["libhwy-dev"]), .brew(["highway"])]),
    .systemLibrary(
      name: "CXXHash", pkgConfig: "libxxhash",
      providers: [.apt(["libxxhash-dev"]), .brew(["xxhash"])]),
    // Loaded when they are first used (SystemLibrary), so that nothing is linked with them.
    .systemLibrary(name: "CRSVG", providers: [.apt(["librsvg2-dev"]), .brew(["librsvg"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),

    // The engine.
    .target(
      name: "EnsueKernels", dependencies: ["CHighway"],
      cxxSettings: [.headerSearchPath(".")], linkerSettings: [.linkedLibrary("hwy")]),
    .target(name: "EnsueFiles", dependencies: ["CXXHash"]),
    .target(name: "EnsueTensor", dependencies: ["EnsueKernels", "EnsueFiles"]),
    .target(name: "EnsueLayers", dependencies: ["EnsueTensor", "EnsueFiles"]),
    .target(name: "EnsueModels", dependencies: ["EnsueLayers", "EnsueTensor", "EnsueFiles"]),

    // Generation.
    .target(
      name: "EnsueDecoding", dependencies: ["EnsueModels", "EnsueLayers", "EnsueTensor", "EnsueFiles"]),

    // Text, data, training.
    .target(name: "EnsueText", dependencies: ["EnsueFiles"]),
    .target(name: "EnsueData", dependencies: ["EnsueText", "EnsueTensor", "EnsueFiles"]),
    .target(name: "EnsueTraining", dependencies: ["EnsueLayers", "EnsueTensor", "EnsueData", "EnsueFiles"]),

    // Numbers about a run, and how they are shown.
    .target(name: "EnsueEvaluation", dependencies: ["EnsueFiles"]),
    .target(name: "EnsueReport", dependencies: ["EnsueEvaluation", "EnsueFiles", "CRSVG"]),

    // Models of the Hub: the only code that opens a connection.
    .target(name: "EnsueHub", dependencies: ["EnsueFiles", "CCurl"]),

    // What ships, and what ties it together.
    .target(
      name: "EnsueBundle",
      dependencies: ["EnsueModels", "EnsueLayers", "EnsueTensor", "EnsueText", "EnsueFiles"]),
    .target(
      name: "EnsueTasks",
      dependencies: [
        "EnsueBundle", "EnsueDecoding", "EnsueModels", "EnsueLayers", "EnsueTensor", "EnsueText", "EnsueData",
        "EnsueTraining", "EnsueEvaluation", "EnsueHub", "EnsueFiles",
      ]),
    .target(
      name: "EnsueExperiments",
      dependencies: [
        "EnsueTasks", "EnsueReport", "EnsueBundle", "EnsueData", "EnsueDecoding", "EnsueEvaluation", "EnsueLayers",
        "EnsueModels", "EnsueTensor", "EnsueText", "EnsueTraining", "EnsueFiles",
      ]),
    .target(
      name: "Ensue",
      dependencies: [
        "EnsueTensor", "EnsueLayers", "EnsueModels", "EnsueDecoding", "EnsueText", "EnsueData", "EnsueTraining",
        "EnsueEvaluation", "EnsueReport", "EnsueHub", "EnsueBundle", "EnsueTasks", "EnsueFiles",
      ]),
    .executableTarget(
      name: "EnsueCommand",
      dependencies: [
        "EnsueExperiments", "EnsueTasks", "EnsueReport", "EnsueEvaluation", "EnsueBundle", "EnsueData", "EnsueTensor",
        "EnsueModels", "EnsueLayers", "EnsueTraining", "EnsueText", "EnsueDecoding", "EnsueHub", "EnsueFiles",
      ]),

    // Tests mirror the targets.
    .target(
      name: "EnsueTestSupport", dependencies: ["EnsueTensor", "EnsueLayers", "EnsueFiles"],
      path: "Tests/EnsueTestSupport"),
    .testTarget(name: "EnsueFilesTests", dependencies: ["EnsueFiles", "EnsueTestSupport"]),
    .testTarget(
      name: "EnsueTensorTests", dependencies: ["EnsueTensor", "EnsueLayers", "EnsueFiles", "EnsueTestSupport"]),
    .testTarget(
      name: "EnsueExperimentsTests",
      dependencies: [
        "EnsueExperiments", "EnsueTasks", "EnsueData", "EnsueEvaluation", "EnsueLayers", "EnsueModels", "EnsueReport",
        "EnsueTensor", "EnsueTraining", "EnsueFiles", "EnsueTestSupport",
      ]),
    .testTarget(
      name: "EnsueLayersTests", dependencies: ["EnsueTensor", "EnsueLayers", "EnsueFiles", "EnsueTestSupport"]),
    .testTarget(
      name: "EnsueTrainingTests",
      dependencies: [
        "EnsueTasks", "EnsueTraining", "EnsueModels", "EnsueLayers", "EnsueTensor", "EnsueFiles", "EnsueTestSupport",
      ]),
    .testTarget(
      name: "EnsueDecodingTests",
      dependencies: [
        "EnsueDecoding", "EnsueModels", "EnsueLayers", "EnsueTensor", "EnsueFiles", "EnsueTestSupport",
      ]),
    .testTarget(name: "EnsueTextTests", dependencies: ["EnsueText", "EnsueFiles", "EnsueTestSupport"]),
    .testTarget(
      name: "EnsueDataTests", dependencies: ["EnsueData", "EnsueText", "EnsueTensor", "EnsueFiles"]),
    .testTarget(name: "EnsueEvaluationTests", dependencies: ["EnsueEvaluation", "EnsueFiles"]),
    .testTarget(
      name: "EnsueHubTests", dependencies: ["EnsueHub", "EnsueFiles", "EnsueTestSupport"],
      exclude: ["with_huggingface_hub.py"]),
    .testTarget(name: "EnsueReportTests", dependencies: ["EnsueReport", "EnsueEvaluation", "EnsueFiles"]),
    .testTarget(
      name: "EnsueProgramTests",
      dependencies: [
        "EnsueCommand", "EnsueBundle", "EnsueEvaluation", "EnsueModels", "EnsueLayers", "EnsueText", "EnsueFiles",
        "EnsueTensor", "EnsueTraining", "EnsueTestSupport",
      ],
      exclude: ["Goldens"]),
    .testTarget(
      name: "EnsueCommandTests",
      dependencies: [
        "EnsueTasks", "EnsueTraining", "EnsueModels", "EnsueLayers", "EnsueData", "EnsueTensor", "EnsueFiles",
      ],
      exclude: ["Goldens"]),
  ]
)

// One set of rules for every Swift target.
let swiftRules: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]
for target in package.targets
where [.regular, .executable, .test].contains(target.type) && target.name != "EnsueKernels" {
  target.swiftSettings = (target.swiftSettings ?? []) + swiftRules
}
package.cxxLanguageStandard = .cxx17
