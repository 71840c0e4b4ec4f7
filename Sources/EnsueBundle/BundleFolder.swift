// Where a bundle is: a folder of its own, or inside a run folder.

import EnsueFiles

/// Finds bundles.
enum BundleFolder {
  /// The folder of a bundle, which has a configuration.json.
  /// - Parameter path: the bundle's folder, or a run folder that holds one under `bundle`.
  /// - Throws: `Failure` of kind `missing`.
  static func find(_ path: String) throws -> String {
    let inRun = "\(path)/bundle"
    let folder = InputFile.isDirectory(inRun) ? inRun : path
    guard InputFile.isDirectory(folder) else {
      throw Failure(
        .missing, at: path, "a run folder or bundle expected, found \(InputFile.exists(path) ? "a file" : "nothing")")
    }
    if PretrainedFolder.isOne(folder) {
      throw Failure(
        .data, at: path, "a run folder or bundle for this command expected, found a pre-trained model of the Hub",
        advice: "An encoder is for ensue predict, evaluate and attend, a decoder for ensue generate and evaluate, a"
          + " translator for ensue translate, evaluate and attend.")
    }
    // A run folder has a configuration of its own: without a bundle, its training has not ended.
    let isRunWithoutBundle = folder == path && InputFile.exists("\(path)/metrics.jsonl")
    guard InputFile.exists("\(folder)/configuration.json"), !isRunWithoutBundle else {
      throw Failure(
        .missing, at: path,
        "a run folder or bundle expected, found no \(inRun == folder ? "bundle/" : "")configuration.json",
        advice: "Training writes it when it ends; run the training command again to go on.")
    }
    return folder
  }
}
