// Vectors of NIST's examples (FIPS 180-4, csrc.nist.gov) and of Git.

import EnsueFiles
import EnsueTestSupport
import Testing

struct HashVector: Sendable {
  let text: String
  let count: Int
  let sha1: String
  let sha256: String
}

@Test(arguments: [
  HashVector(
    text: "", count: 1, sha1: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
  HashVector(
    text: "abc", count: 1, sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  HashVector(
    text: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", count: 1,
    sha1: "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
    sha256: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
  HashVector(
    text:
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
    count: 1, sha1: "a49b2446a02c645bf419f995b67091253a04a259",
    sha256: "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"),
  HashVector(
    text: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    count: 10_000, sha1: "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
    sha256: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
])
func hashesAreThoseOfTheStandard(_ vector: HashVector) {
  for (algorithm, expected) in [(ContentHash.Algorithm.sha1, vector.sha1), (.sha256, vector.sha256)] {
    var hash = ContentHash(algorithm)
    for _ in 0..<vector.count { hash.append(Array(vector.text.utf8)) }
    #expect(hash.hexadecimal == expected)
    // Asking changes nothing.
    #expect(hash.hexadecimal == expected)
  }
}

@Test func piecesMakeTheHashOfTheWhole() {
  let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 37) }
  for algorithm in ContentHash.Algorithm.allCases {
    var whole = ContentHash(algorithm)
    whole.append(bytes)
    for cut in 0...300 {
      var pieces = ContentHash(algorithm)
      pieces.append(Array(bytes[..<cut]))
      pieces.append(Array(bytes[cut...]))
      #expect(pieces.hexadecimal == whole.hexadecimal, "\(algorithm) cut at \(cut)")
    }
  }
}

@Test func aBlobHasTheNameThatGitGivesIt() {
  // echo 'test content' | git hash-object --stdin
  var hash = ContentHash(gitBlobOf: 13)
  hash.append(Array("test content\n".utf8))
  #expect(hash.hexadecimal == "d670460b4b4aece5915caf5c68d12f560a9fe3e4")
}

@Test func aFileIsHeldOnce() throws {
  try TestFiles.withDirectory { directory in
    let path = "\(directory)/lock"
    do {
      let first = try FileLock(path)
      let isHeld = first != nil
      #expect(isHeld)
      let second = try FileLock(path)
      let isFree = second != nil
      #expect(!isFree)
      _ = consume first
    }
    let third = try FileLock(path)
    let isFree = third != nil
    #expect(isFree)
    let failure = #expect(throws: Failure.self) { _ = try FileLock("\(path)/absent") }
    #expect(failure?.kind == .cannotCreate)
  }
}
