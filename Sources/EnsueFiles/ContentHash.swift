// Hashes that others name contents by: SHA-256 for large files of the Hub, Git's blob id (a SHA-1) for small ones.
// Secure Hash Standard, FIPS 180-4 (2015). For names of our own, `Digest` is many times faster.

/// A hash of bytes that arrive in pieces; equal to the hash of their concatenation.
public struct ContentHash: Sendable {
  public enum Algorithm: String, Sendable, CaseIterable {
    case sha1 = "SHA-1"
    case sha256 = "SHA-256"
  }

  public let algorithm: Algorithm
  private var state: [UInt32]
  /// The bytes after the last whole block: fewer than 64.
  private var rest: [UInt8] = []
  private var byteCount: UInt64 = 0

  public init(_ algorithm: Algorithm) {
    self.algorithm = algorithm
    state =
      switch algorithm {
      case .sha1: SHA1.start
      case .sha256: SHA256.start
      }
  }

  /// The id that Git gives a file of `size` bytes: the SHA-1 of `blob SIZE`, a zero byte and the content.
  public init(gitBlobOf size: Int) {
    self.init(.sha1)
    append(Array("blob \(size)\0".utf8))
  }

  public mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    byteCount &+= UInt64(bytes.count)
    var start = 0
    if !rest.isEmpty {
      start = min(64 - rest.count, bytes.count)
      rest.append(contentsOf: bytes[0..<start])
      guard rest.count == 64 else { return }
      let block = rest
      block.withUnsafeBytes { compress($0) }
      rest.removeAll(keepingCapacity: true)
    }
    let end = start + (bytes.count - start) / 64 * 64
    if end > start { compress(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) }
    rest.append(contentsOf: bytes[end...])
  }

  /// The hash in lower-case hexadecimal digits.
  public var hexadecimal: String {
    var last = self
    let bitCount = byteCount &* 8
    let zeros = (119 - rest.count) % 64
    last.append([0x80] + [UInt8](repeating: 0, count: zeros))
    last.append((0..<8).map { UInt8(truncatingIfNeeded: bitCount >> UInt64(56 - 8 * $0)) })
    return last.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
    switch algorithm {
    case .sha1: SHA1.compress(blocks, into: &state)
    case .sha256: SHA256.compress(blocks, into: &state)
    }
  }
}

/// Words of 32 bits turned to the left.
private func turned(_ word: UInt32, _ count: UInt32) -> UInt32 { word &<< count | word &>> (32 &- count) }

private enum SHA1 {
  static let start: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]

  static func compress(_ blocks: UnsafeRawBufferPointer, into state: inout [UInt32]) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 80) { w in
      for offset in stride(from: 0, to: blocks.count, by: 64) {
        for t in 0..<16 {
          w[t] = UInt32(bigEndian: blocks.loadUnaligned(fromByteOffset: offset &+ 4 &* t, as: UInt32.self))
        }
        for t in 16..<80 { w[t] = turned(w[t &- 3] ^ w[t &- 8] ^ w[t &- 14] ^ w[t &- 16], 1) }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for t in 0..<80 {
          let mixed: UInt32
          switch t {
          case ..<20: mixed = (b & c | ~b & d) &+ 0x5A82_7999
          case ..<40: mixed = (b ^ c ^ d) &+ 0x6ED9_EBA1
          case ..<60: mixed = (b & c | b & d | c & d) &+ 0x8F1B_BCDC
          default: mixed = (b ^ c ^ d) &+ 0xCA62_C1D6
          }
          let next = turned(a, 5) &+ mixed &+ e &+ w[t]
          (a, b, c, d, e) = (next, a, turned(b, 30), c, d)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
      }
    }
  }
}

private enum SHA256 {
  static let start: [UInt32] = [
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
  ]

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = [
    0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5,
    0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174,
    0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
    0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967,
    0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85,
    0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
    0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
    0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
  ]

  static func compress(_ blocks: UnsafeRawBufferPointer, into state: inout [UInt32]) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
      constants.withUnsafeBufferPointer { k in
        for offset in stride(from: 0, to: blocks.count, by: 64) {
          for t in 0..<16 {
            w[t] = UInt32(bigEndian: blocks.loadUnaligned(fromByteOffset: offset &+ 4 &* t, as: UInt32.self))
          }
          for t in 16..<64 {
            let (x, y) = (w[t &- 15], w[t &- 2])
            let low = turned(x, 25) ^ turned(x, 14) ^ x &>> 3
            let high = turned(y, 15) ^ turned(y, 13) ^ y &>> 10
            w[t] = w[t &- 16] &+ low &+ w[t &- 7] &+ high
          }
          var (a, b, c, d) = (state[0], state[1], state[2], state[3])
          var (e, f, g, h) = (state[4], state[5], state[6], state[7])
          for t in 0..<64 {
            let left = turned(e, 26) ^ turned(e, 21) ^ turned(e, 7)
            let first = h &+ left &+ (e & f ^ ~e & g) &+ k[t] &+ w[t]
            let right = turned(a, 30) ^ turned(a, 19) ^ turned(a, 10)
            let second = right &+ (a & b ^ a & c ^ b & c)
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
          }
          state[0] &+= a
          state[1] &+= b
          state[2] &+= c
          state[3] &+= d
          state[4] &+= e
          state[5] &+= f
          state[6] &+= g
          state[7] &+= h
        }
      }
    }
  }
}
