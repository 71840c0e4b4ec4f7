// The four normal forms of Unicode (Unicode Standard Annex 15).

/// A normal form, by the name that a tokenizer.json gives it.
public enum UnicodeForm: String, Codable, CaseIterable, Sendable {
  case nfc = "NFC"
  case nfd = "NFD"
  case nfkc = "NFKC"
  case nfkd = "NFKD"

  private var isComposed: Bool {
    switch self {
    case .nfc, .nfkc: true
    case .nfd, .nfkd: false
    }
  }

  private var isCompatible: Bool {
    switch self {
    case .nfkc, .nfkd: true
    case .nfc, .nfd: false
    }
  }

  /// The form of valid UTF-8, in time O(n log n).
  func apply(to bytes: inout [UInt8]) {
    if bytes.isASCII { return }
    var scalars = decomposed(bytes)
    UnicodeForm.order(&scalars)
    if isComposed { UnicodeForm.compose(&scalars) }
    bytes.removeAll(keepingCapacity: true)
    for scalar in scalars { bytes.append(scalar: scalar) }
  }

  private func decomposed(_ bytes: [UInt8]) -> [UInt32] {
    let table = Decompositions.shared
    let text = bytes.span
    var result: [UInt32] = []
    result.reserveCapacity(bytes.count)
    var position = 0
    while position < text.count {
      let scalar = text.takeScalar(&position)
      if scalar < 0xA0 {
        result.append(scalar)
      } else if isCompatible, let parts = table.compatible[scalar] {
        result += parts
      } else if let parts = table.canonical[scalar] {
        result += parts
      } else if !Hangul.decompose(scalar, into: &result) {
        result.append(scalar)
      }
    }
    return result
  }

  /// The canonical combining class; 0 begins a new character.
  private static func combiningClass(_ scalar: UInt32) -> UInt8 {
    guard scalar >= 0x300, let scalar = Unicode.Scalar(scalar) else { return 0 }
    return scalar.properties.canonicalCombiningClass.rawValue
  }

  /// Marks between two beginnings by their class, those of one class in their order.
  private static func order(_ scalars: inout [UInt32]) {
    var start = 0
    while start < scalars.count {
      guard combiningClass(scalars[start]) > 0 else {
        start += 1
        continue
      }
      var marks: [(place: Int, scalar: UInt32)] = []
      while start + marks.count < scalars.count {
        let scalar = scalars[start + marks.count]
        let rank = Int(combiningClass(scalar))
        if rank == 0 { break }
        marks.append((rank << 48 | marks.count, scalar))
      }
      if marks.count > 1 { marks.sort { $0.place < $1.place } }
      for mark in marks {
        scalars[start] = mark.scalar
        start += 1
      }
    }
  }

  /// Joins each beginning with the marks behind it that nothing keeps apart from it.
  private static func compose(_ scalars: inout [UInt32]) {
    let table = Decompositions.shared
    var written = 0
    var beginning: Int?
    var lastClass = -1
    for scalar in scalars {
      let rank = Int(combiningClass(scalar))
      if let place = beginning, lastClass < rank,
        let composed = table.composition(scalars[place], scalar)
      {
        scalars[place] = composed
        continue
      }
      if rank == 0 {
        beginning = written
        lastClass = -1
      } else {
        lastClass = rank
      }
      scalars[written] = scalar
      written += 1
    }
    scalars.removeSubrange(written...)
  }
}
