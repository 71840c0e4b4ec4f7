// Data files that must be refused.

import Foundation

extension BadCase {
  private static let train = "train classify --model mean --hidden 4 --embedding-size 4 --epochs 1 --quiet --out out"

  /// A training on one file of this content.
  private static func file(
    _ name: String, _ file: String, _ content: String, options: String = "", _ code: Int32, _ words: String...
  ) -> BadCase {
    bytes(name, file, Array(content.utf8), options: options, code, words)
  }

  private static func bytes(
    _ name: String, _ file: String, _ content: [UInt8], options: String = "", _ code: Int32, _ words: [String]
  ) -> BadCase {
    BadCase(name, line: "\(train) --data \(file) \(options)", code, words) { sandbox in
      try sandbox.write(content, file)
    }
  }

  private static let rows = Sentences.table(Sentences.rows(count: 20))

  static let data: [BadCase] = [
    BadCase("no data at all", train, 64, "a file of labelled sentences expected", "--data"),
    BadCase("no such file", "\(train) --data nowhere.tsv", 66, "nowhere.tsv", "No such file"),
    BadCase("a folder as file", "\(train) --data .", 66, "a file expected, found a directory"),
    BadCase("a folder as TSV", "\(train) --data . --format tsv", 66, "a file expected, found a directory"),
    file("unknown extension", "a.txt", rows, 64, "a.txt", "--format"),
    file("empty file", "a.tsv", "", 65, "a.tsv", "found an empty file"),
    file("blank lines only", "a.tsv", "\n\n\n", 65, "a.tsv", "found none"),
    file("header only", "a.tsv", "text\tlabel\n", 65, "a.tsv", "below the header"),
    file("too few fields", "a.tsv", rows + "alone\n", 65, "a.tsv:22", "2 fields expected, found 1"),
    file("too many fields", "a.tsv", rows + "a\tb\tc\n", 65, "a.tsv:22", "found 3 fields"),
    file("empty label", "a.tsv", rows + "a sentence\t\n", 65, "a.tsv:22", "label"),
    file("empty text", "a.tsv", rows + "\tpos\n", 65, "a.tsv:22", "text"),
    file("one class", "a.tsv", "text\tlabel\na\tx\nb\tx\nc\tx\n", 65, "two classes", "'x'"),
    file("unclosed quote", "a.csv", "text,label\n\"good,pos\nbad,neg\n", 65, "a.csv:2", "quote"),
    file("text after a quote", "a.csv", "text,label\n\"good\"x,pos\nbad,neg\n", 65, "a.csv:2", "quote"),
    file(
      "unknown column name", "a.tsv", rows, options: "--text-column txt", 65, "a.tsv:1", "the column 'txt'",
      "'text', 'label'", "Did you mean text?"),
    file("column beyond the last", "a.tsv", rows, options: "--label-column 9", 65, "9"),
    file("column 0", "a.tsv", rows, options: "--label-column 0", 64, "from 1 on", "'0'"),
    file("one column twice", "a.tsv", rows, options: "--text-column 1 --label-column 1", 64, "found column 1 for both"),
    file("JSON that is none", "a.jsonl", "{\"text\": \"a\", \"label\": }\n", 65, "a.jsonl:1"),
    file("JSON without label", "a.jsonl", "{\"text\": \"a\"}\n", 65, "a.jsonl:1", "label"),
    file("JSON array", "a.jsonl", "[1, 2]\n", 65, "a.jsonl:1", "a JSON object expected, found an array"),
    file(
      "JSON key twice", "a.jsonl", "{\"text\": \"a\", \"text\": \"b\", \"label\": \"x\"}\n", 65, "a.jsonl:1", "text"),
    file(
      "JSON 5,000 deep", "a.jsonl", String(repeating: "[", count: 5000) + "\n", 65, "a.jsonl:1"),
    file("JSON text is a number", "a.jsonl", "{\"text\": 3, \"label\": \"x\"}\n", 65, "a.jsonl:1", "text"),
    bytes("not UTF-8", "a.tsv", Array(rows.utf8) + [0x63, 0xE9, 0x09, 0x70, 0x0A], 65, ["a.tsv:22", "UTF-8"]),
    bytes("UTF-16", "a.tsv", [0xFF, 0xFE, 0x61, 0, 0x09, 0, 0x62, 0, 0x0A, 0], 65, ["a.tsv", "UTF-16"]),
    bytes("a NUL", "a.tsv", Array(rows.utf8) + [0x61, 0, 0x62, 0x09, 0x70, 0x0A], 65, ["a.tsv:22"]),
    bytes(
      "gzip", "a.tsv", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], 65,
      ["a.tsv", "found a compressed file", "Unpack it first."]),
    bytes("random bytes", "a.tsv", (0..<4096).map { UInt8(truncatingIfNeeded: $0 * $0 * 31 + $0 * 7) }, 65, ["a.tsv"]),
    bytes(
      "a line of 8 MB", "a.tsv", Array(rows.utf8) + [UInt8](repeating: 0x61, count: 8 << 20) + [0x09, 0x70, 0x0A], 65,
      ["a.tsv:22", "longer"]),
    BadCase(
      "test label unknown to training", "\(train) --data data.tsv --test b.tsv", 65, "b.tsv", "'meh'",
      prepare: { try $0.write("text\tlabel\na b\tpos\nc d\tmeh\n", "b.tsv") }),
    BadCase("test file missing", "\(train) --data data.tsv --test gone.tsv", 66, "gone.tsv"),
    BadCase(
      "validation file empty", "\(train) --data data.tsv --validation v.tsv", 65, "v.tsv", "empty",
      prepare: { try $0.write("", "v.tsv") }),
    BadCase("no validation data", "\(train) --data data.tsv --validation-fraction 0", 78, "validation"),
    BadCase("reviews with a file", "\(train) --dataset reviews --data data.tsv", 64, "no files", "reviews"),
    BadCase("MR without a folder", "\(train) --dataset mr", 64, "one folder", "mr"),
    BadCase("MR folder empty", "\(train) --dataset mr --data mr", 66, "rt-polarity.pos") { sandbox in
      try sandbox.write("x", "mr/other")
    },
    BadCase("MR too small", "\(train) --dataset mr --data mr", 65, "more than 5000 sentences") { sandbox in
      for end in ["pos", "neg"] { try sandbox.write("good one\nbad one\n", "mr/rt-polarity.\(end)") }
    },
    BadCase("SemEval without tweets", "\(train) --dataset semeval-2017-4a --data tweets", 66, "tweets") { sandbox in
      try sandbox.write("nothing", "tweets/README.md")
    },
    BadCase("SemEval with wrong fields", "\(train) --dataset semeval-2017-4a --data tweets", 65, "found 2 fields") {
      sandbox in
      for part in ["train_dev", "gold"] { try sandbox.write("1\tpositive\n", "tweets/\(part)/a.txt") }
    },
    BadCase("inspect a missing file", "data inspect --data gone.csv", 66, "gone.csv"),
    BadCase("inspect nothing", "data inspect", 64, "--data"),
  ]
}
