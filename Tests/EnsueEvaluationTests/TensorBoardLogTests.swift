// The TensorBoard log: writing, resuming, and files that are cut or damaged.

import EnsueEvaluation
import EnsueFiles
import Testing

@Suite("TensorBoard logs")
struct TensorBoardLogTests {
  static func epoch(_ number: Int, validation: EvaluationSummary? = MetricKindTests.summary) -> EpochEvent {
    EpochEvent(
      epoch: number, step: number * 100, seconds: Double(number), trainingLoss: 1 / Double(number), learningRate: 1e-3,
      tokensPerSecond: 412_345.6, validation: validation)
  }

  /// A log with `count` epochs in `folder`.
  static func write(_ count: Int, in folder: borrowing TensorBoardFolder) throws {
    var log = try TensorBoardLog.open(directory: folder.directory, keepingBytes: 0, startTime: 1000)
    for number in 1...count { try log.append(epoch(number), seconds: 1000 + Double(number)) }
  }

  @Test("what is written is read back")
  func roundTrip() throws {
    let folder = try TensorBoardFolder()
    var log = try TensorBoardLog.open(directory: folder.directory, startTime: 1000.5)
    #expect(log.path.hasSuffix("/events.out.tfevents.0000000000.ensue") && log.path == folder.path)
    try log.append(step: 1, seconds: 1001, [("loss", 0.5), ("rate", -.infinity)], durable: true)
    try log.append(TensorBoardLogTests.epoch(2), seconds: 1002.25)
    try log.append(TensorBoardLogTests.epoch(3, validation: nil), seconds: 1003)
    let empty = log.byteCount
    try log.append(step: 4, seconds: 1004, [])
    #expect(log.byteCount == empty)
    try log.synchronize()

    let bytes = try folder.contents()
    let read = try TensorBoardReading.events(bytes)
    #expect(read.events.map(\.wallTime) == [1000.5, 1001, 1002.25, 1003])
    #expect(read.events.map(\.step) == [0, 1, 200, 300])
    #expect(read.events.map(\.fileVersion) == ["brain.Event:2", nil, nil, nil])
    #expect(read.events[1].tags == ["loss", "rate"] && read.events[1].values == [0.5, -.infinity])
    #expect(
      read.events[2].tags == [
        "loss/training", "loss/validation", "accuracy/validation", "macro F1/validation", "learning rate",
        "tokens per second",
      ])
    #expect(read.events[2].values == [0.5, 0.5, 0.9, 0.8, 0.001, 412_345.6])
    #expect(read.events[3].tags == ["loss/training", "learning rate", "tokens per second"])
    #expect(log.byteCount == bytes.count && log.droppedBytes == 0)
  }

  @Test("a resume cuts the log to what its checkpoint knows and goes on as if nothing had happened", arguments: 0...5)
  func resume(_ known: Int) throws {
    let folder = try TensorBoardFolder()
    try TensorBoardLogTests.write(5, in: folder)
    let whole = try folder.contents()
    let end = try TensorBoardReading.events(whole).ends[known]
    var log = try TensorBoardLog.open(directory: folder.directory, keepingBytes: end, startTime: 7)
    #expect(log.byteCount == end && log.droppedBytes == whole.count - end)
    #expect(try folder.contents() == Array(whole[..<end]))
    for number in (known + 1)..<6 { try log.append(TensorBoardLogTests.epoch(number), seconds: 1000 + Double(number)) }
    #expect(try folder.contents() == whole)
  }

  @Test("a new run in an old folder begins anew")
  func anew() throws {
    let folder = try TensorBoardFolder()
    try TensorBoardLogTests.write(3, in: folder)
    let size = try folder.contents().count
    let log = try TensorBoardLog.open(directory: folder.directory, keepingBytes: 0, startTime: 2000)
    #expect(log.droppedBytes == size)
    let read = try TensorBoardReading.events(folder.contents())
    #expect(read.events == [TensorBoardReading(wallTime: 2000, fileVersion: "brain.Event:2")])
    #expect(log.byteCount == read.ends[0])
  }

  @Test("cutting a log anywhere loses at most the record that was cut; as a checkpoint's length it is refused")
  func everyCut() throws {
    let folder = try TensorBoardFolder()
    try TensorBoardLogTests.write(3, in: folder)
    let bytes = try folder.contents()
    let ends = try [0] + TensorBoardReading.events(bytes).ends
    for length in 1...bytes.count {
      try folder.write(bytes)
      if !ends.contains(length) {
        let failure = #expect(throws: Failure.self) {
          _ = try TensorBoardLog.open(directory: folder.directory, keepingBytes: length, startTime: 1000).byteCount
        }
        #expect(failure?.problem == "the end of a record expected, found its middle")
        #expect(failure?.place == "\(folder.path)@\(length)")
        #expect(try folder.contents() == bytes)
      }
      try folder.cut(to: length)
      let whole = try #require(ends.last { $0 <= length })
      let log = try TensorBoardLog.open(directory: folder.directory, startTime: 1000)
      #expect(log.droppedBytes == length - whole)
      // Of nothing, the first record is made again.
      #expect(try folder.contents() == Array(bytes[..<max(whole, ends[1])]))
    }
  }

  @Test("a changed byte is refused with its record's place, and the file is left alone")
  func everyByte() throws {
    let folder = try TensorBoardFolder()
    try TensorBoardLogTests.write(2, in: folder)
    let bytes = try folder.contents()
    let ends = try TensorBoardReading.events(bytes).ends
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1 << (index % 8)
      try folder.write(damaged)
      for keepingBytes in [nil, bytes.count] {
        let failure = #expect(throws: Failure.self) {
          _ = try TensorBoardLog.open(directory: folder.directory, keepingBytes: keepingBytes, startTime: 0).byteCount
        }
        #expect(failure?.kind == .data)
        #expect(failure?.place == "\(folder.path)@\(([0] + ends).last { $0 <= index } ?? 0)")
        #expect(failure?.problem.contains("fits its checksum expected") == true)
      }
      #expect(try folder.contents() == damaged)
    }
  }

  @Test("a record longer than the file, its checksum right, is a cut one")
  func longRecord() throws {
    let folder = try TensorBoardFolder()
    for length in [UInt64.max, 1 << 63, 1 << 62, 1] {
      let header = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      let checksum = (0..<4).map { UInt8(truncatingIfNeeded: CRC32C.masked(of: header) >> (8 * $0)) }
      try folder.write(header + checksum + [0, 0, 0, 0])
      #expect(try TensorBoardLog.open(directory: folder.directory, startTime: 0).droppedBytes == 16)
    }
  }

  @Test("a record without data, which other writers may write, is whole")
  func emptyRecord() throws {
    let folder = try TensorBoardFolder()
    let header = [UInt8](repeating: 0, count: 8)
    let checksums = [CRC32C.masked(of: header), CRC32C.masked(of: [])]
    let record = header + checksums.flatMap { sum in (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) } }
    try folder.write(record)
    #expect(try TensorBoardLog.open(directory: folder.directory, startTime: 0).byteCount == 16)
    #expect(try folder.contents() == record)
  }

  @Test("lengths that the log does not have are refused, and the file is left alone", arguments: [-1, 1_000_000])
  func wrongLength(_ count: Int) throws {
    let folder = try TensorBoardFolder()
    try TensorBoardLogTests.write(1, in: folder)
    let bytes = try folder.contents()
    let failure = #expect(throws: Failure.self) {
      _ = try TensorBoardLog.open(directory: folder.directory, keepingBytes: count, startTime: 0).byteCount
    }
    #expect(failure?.problem == "at least \(count) bytes expected, found \(bytes.count)")
    #expect(try folder.contents() == bytes)
  }

  @Test("a folder that is not there is refused", arguments: ["/nowhere", "/dev/null"])
  func noFolder(_ directory: String) {
    let failure = #expect(throws: Failure.self) {
      _ = try TensorBoardLog.open(directory: directory, startTime: 0).byteCount
    }
    #expect(failure?.kind == .cannotCreate)
    #expect(failure?.description.contains(TensorBoardLog.fileName) == true)
  }

  @Test("a data record longer than one reading piece is checked whole")
  func largeRecord() throws {
    let folder = try TensorBoardFolder()
    do {
      var log = try TensorBoardLog.open(directory: folder.directory, startTime: 0)
      try log.append(step: 1, seconds: 1, (0..<20_000).map { (tag: "curve/\($0)", value: Double($0)) })
    }
    var bytes = try folder.contents()
    #expect(bytes.count > 3 << 16)
    #expect(try TensorBoardReading.events(bytes).events[1].values == (0..<20_000).map { Float($0) })
    #expect(try TensorBoardLog.open(directory: folder.directory, startTime: 0).byteCount == bytes.count)
    bytes[bytes.count - 5] ^= 1
    try folder.write(bytes)
    #expect(throws: Failure.self) {
      _ = try TensorBoardLog.open(directory: folder.directory, startTime: 0).byteCount
    }
  }
}
