// The framing of event files, TensorFlow's TFRecord: a length of 8 bytes, its checksum of 4, the data, the data's
// checksum of 4; numbers little-endian, checksums masked CRC-32C. What the data says is `TensorBoardEvent`'s.
// https://www.tensorflow.org/tutorials/load_data/tfrecord

import EnsueFiles

/// A record of an event file.
enum TensorBoardRecord {
  private static let headerBytes = 12
  private static let checksumBytes = 4

  /// The record that holds `data`.
  static func framed(_ data: [UInt8]) -> [UInt8] {
    var record: [UInt8] = []
    record.reserveCapacity(headerBytes + data.count + checksumBytes)
    record.append(littleEndian: UInt64(data.count))
    record.append(littleEndian: CRC32C.masked(of: record))
    record += data
    record.append(littleEndian: CRC32C.masked(of: data))
    return record
  }

  /// The length of the whole records among the first `count` bytes of a file.
  /// - Throws: `Failure` of kind `data` where a record's checksum does not fit its bytes.
  static func wholeBytes(of file: borrowing InputFile, among count: Int) throws -> Int {
    var end = 0
    while count - end >= headerBytes + checksumBytes {
      let header = try file.bytes(at: end, count: headerBytes)
      try check(CRC32C.masked(of: header[..<8]), header[8...], "length", at: end, file.path)
      let length = header[..<8].littleEndianValue
      guard length <= UInt64(count - end - headerBytes - checksumBytes) else { break }
      let dataEnd = end + headerBytes + Int(length)
      let checksum = try maskedChecksum(of: file, from: end + headerBytes, to: dataEnd)
      try check(checksum, file.bytes(at: dataEnd, count: checksumBytes)[...], "data", at: end, file.path)
      end = dataEnd + checksumBytes
    }
    return end
  }

  private static func maskedChecksum(of file: borrowing InputFile, from start: Int, to end: Int) throws -> UInt32 {
    var checksum = CRC32C()
    var offset = start
    while offset < end {
      let piece = try file.bytes(at: offset, count: min(end - offset, 1 << 16))
      checksum.append(piece)
      offset += piece.count
    }
    return checksum.masked
  }

  private static func check(
    _ expected: UInt32, _ stored: ArraySlice<UInt8>, _ part: String, at offset: Int, _ path: String
  ) throws {
    guard stored.littleEndianValue == UInt64(expected) else {
      throw Failure(
        .data, at: "\(path)@\(offset)", "a record whose \(part) fits its checksum expected, found another checksum",
        advice: AppendedFile.advice)
    }
  }
}

extension ArraySlice<UInt8> {
  /// The number whose bytes these are, at most eight, the lowest first.
  fileprivate var littleEndianValue: UInt64 { reversed().reduce(0) { $0 << 8 | UInt64($1) } }
}
