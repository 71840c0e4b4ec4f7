// Decompositions and compositions of scalars, from the table in `DecompositionData`.

/// What scalars are made of (Unicode Standard Annex 15).
struct Decompositions: Sendable {
  /// The full canonical decompositions of the scalars that have one.
  let canonical: [UInt32: [UInt32]]
  /// The full compatibility decompositions that differ from the canonical ones.
  let compatible: [UInt32: [UInt32]]
  /// The scalar that two others compose to; the pair is the key.
  private let compositions: [UInt64: UInt32]

  /// Built at the first use.
  static let shared = Decompositions()

  private init() {
    var canonical: [UInt32: [UInt32]] = [:]
    var compatible: [UInt32: [UInt32]] = [:]
    var numbers = VariableNumbers(bytes: Base64.decode(Decompositions.data) ?? [])
    var scalar: UInt32 = 0
    while let distance = numbers.next(), let head = numbers.next() {
      scalar += distance
      var previous = Int(scalar)
      var parts: [UInt32] = []
      for _ in 0..<head / 2 {
        let step = Int(numbers.next() ?? 0)
        previous += step & 1 == 0 ? step / 2 : -(step + 1) / 2
        parts.append(UInt32(clamping: previous))
      }
      if head & 1 == 0 { canonical[scalar] = parts } else { compatible[scalar] = parts }
    }
    (self.canonical, self.compatible) = (canonical, compatible)
    compositions = Decompositions.compositions(canonical)
  }

  /// The scalar that two compose to.
  func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
    Hangul.composition(first, second) ?? compositions[UInt64(first) << 32 | UInt64(second)]
  }

  /// A scalar of several parts is composed from the composition of all but the last, and the last.
  private static func compositions(_ canonical: [UInt32: [UInt32]]) -> [UInt64: UInt32] {
    var compositions: [UInt64: UInt32] = [:]
    for (scalar, parts) in canonical.sorted(by: { ($0.value.count, $0.key) < ($1.value.count, $1.key) }) {
      guard parts.count > 1, let known = Unicode.Scalar(scalar), !known.properties.isFullCompositionExclusion
      else { continue }
      var first = parts[0]
      for part in parts.dropFirst().dropLast() {
        guard let composed = compositions[UInt64(first) << 32 | UInt64(part)] else { break }
        first = composed
      }
      compositions[UInt64(first) << 32 | UInt64(parts[parts.count - 1])] = scalar
    }
    return compositions
  }
}

/// Hangul syllables, whose decompositions are computed (Unicode Standard, chapter 3.12).
enum Hangul {
  private static let (syllables, leads, vowels, trails): (UInt32, UInt32, UInt32, UInt32) = (
    0xAC00, 0x1100, 0x1161, 0x11A7
  )
  private static let (vowelCount, trailCount): (UInt32, UInt32) = (21, 28)

  /// Appends the letters of a syllable.
  /// - Returns: Whether the scalar is one.
  static func decompose(_ scalar: UInt32, into result: inout [UInt32]) -> Bool {
    guard 0xAC00...0xD7A3 ~= scalar else { return false }
    let index = scalar - syllables
    result.append(leads + index / (vowelCount * trailCount))
    result.append(vowels + index % (vowelCount * trailCount) / trailCount)
    if index % trailCount != 0 { result.append(trails + index % trailCount) }
    return true
  }

  static func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if 0x1100...0x1112 ~= first, 0x1161...0x1175 ~= second {
      return syllables + ((first - leads) * vowelCount + (second - vowels)) * trailCount
    }
    guard 0xAC00...0xD7A3 ~= first, (first - syllables) % trailCount == 0, 0x11A8...0x11C2 ~= second else {
      return nil
    }
    return first + (second - trails)
  }
}

/// Numbers of seven bits a byte, the lowest first.
private struct VariableNumbers {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> UInt32? {
    var (number, shift): (UInt32, UInt32) = (0, 0)
    while position < bytes.count, shift < 32 {
      let byte = bytes[position]
      position += 1
      number |= UInt32(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    return nil
  }
}
