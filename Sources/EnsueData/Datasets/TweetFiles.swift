// Which files of a folder hold tweets, and in which order.

import EnsueFiles

/// The files of a tree of tweets.
enum TweetFiles {
  private static let depthLimit = 16

  /// All `.tsv` and `.txt` files below a directory, by the bytes of their paths; hidden files and README files are not
  /// data.
  static func files(in directory: String) throws -> [String] {
    let found = try files(in: directory, depth: 0).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard !found.isEmpty else {
      throw Failure(.missing, at: directory, "files ending in .tsv or .txt expected, found none")
    }
    return found
  }

  private static func files(in directory: String, depth: Int) throws -> [String] {
    guard depth < depthLimit else {
      throw Failure(.data, at: directory, "at most \(depthLimit) folders inside each other expected, found more")
    }
    return try InputFile.names(in: directory).flatMap { name in
      let path = "\(directory)/\(name)"
      if name.hasPrefix(".") || name.uppercased().hasPrefix("README") { return [String]() }
      if InputFile.isDirectory(path) { return try files(in: path, depth: depth + 1) }
      return name.hasSuffix(".tsv") || name.hasSuffix(".txt") ? [path] : []
    }
  }
}
