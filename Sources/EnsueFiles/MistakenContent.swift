// What people hand in for something else, told by its first bytes: a pickle for weights, a web page for a configuration.

/// What a file turns out to be, and what can be done with it.
public struct MistakenContent: Sendable, Equatable {
  /// With its article.
  public let title: String
  public let advice: String

  /// The longest beginning that is looked at.
  public static let byteCount = 64

  /// - Parameters:
  ///   - start: the first bytes of a file.
  ///   - path: the file.
  /// - Returns: nil for what is none of these.
  public init?(_ start: some Collection<UInt8>, path: String) {
    let start = Array(start.prefix(MistakenContent.byteCount))
    func begins(_ text: String) -> Bool { start.starts(with: text.utf8) }
    if start.starts(with: [0x50, 0x4B, 0x03, 0x04])
      || start.starts(with: [0x80]) && (2...5).contains(start.dropFirst().first ?? 0)
    {
      (title, advice) = ("a PyTorch pickle or zip file", MistakenContent.conversion(of: path))
    } else if begins("GGUF") {
      (title, advice) = ("a GGUF file", "Convert it to safetensors.")
    } else if start.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      (title, advice) = ("an HDF5 file of Keras or TensorFlow", "Ask for the safetensors file of the same model.")
    } else if begins("version https://git-lfs") {
      (title, advice) = ("a Git LFS pointer", "Run git lfs pull, or download the file.")
    } else if begins("<!DOCTYPE") || begins("<html") || begins("<!doctype") {
      (title, advice) = ("an HTML page", "The download failed; fetch the file again.")
    } else {
      return nil
    }
  }

  /// What a file's first bytes say.
  /// - Throws: `Failure` where it cannot be read.
  public init?(ofFile path: String) throws {
    let file = try InputFile(path)
    self.init(try file.bytes(at: 0, count: min(MistakenContent.byteCount, file.size)), path: path)
  }

  /// Whether a file is one of several of pickled weights, by its name.
  public static func isShard(_ name: String) -> Bool { name.hasPrefix("pytorch_model-") && name.hasSuffix(".bin") }

  /// The command that converts a file of pickled weights, or all shards, without running anything that is in it.
  private static func conversion(of path: String) -> String {
    // Who made the folder chose the name: none that a shell or Python would obey stands in a command.
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let isPlain = name.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
        || (UInt8(ascii: "-")...UInt8(ascii: "9")).contains($0)
        || $0 == UInt8(ascii: "_")
    }
    let (modules, loop, file) =
      isShard(name)
      ? ("glob, torch", "for f in glob.glob('pytorch_model-*.bin') ", "f")
      : ("torch", "", "'\(isPlain ? name : "pytorch_model.bin")'")
    return "Convert it to safetensors. In its folder: python3 -c \"import \(modules), safetensors.torch as s; "
      + "s.save_file({k: v.clone().contiguous() \(loop)for k, v in torch.load(\(file), "
      + "map_location='cpu', weights_only=True).items()}, 'model.safetensors', {'format': 'pt'})\""
  }
}
