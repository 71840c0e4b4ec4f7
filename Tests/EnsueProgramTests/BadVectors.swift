// Word-vector files that must be refused.

extension BadCase {
  private static let train = "train classify --data data.tsv --model mean --hidden 4 --epochs 1 --quiet --out out"

  private static func vectors(_ name: String, _ content: String, _ code: Int32, _ words: String...) -> BadCase {
    bytes(name, Array(content.utf8), code, words)
  }

  private static func bytes(_ name: String, _ content: [UInt8], _ code: Int32, _ words: [String]) -> BadCase {
    BadCase(
      name, line: "\(train) --embeddings v.txt", code, words, prepare: { try $0.write(content, "v.txt") })
  }

  private static let good = Sentences.vectors(width: 4)

  static let wordVectors: [BadCase] = [
    BadCase("vectors missing", "\(train) --embeddings gone.txt", 66, "gone.txt"),
    BadCase(
      "an empty one of two files of vectors", "\(train) --embeddings v.txt,", 78, "embedding.path", "an empty one"),
    BadCase("vectors are a folder", "\(train) --embeddings .", 66, "directory"),
    vectors("vectors empty", "", 65, "v.txt", "empty"),
    vectors("vectors of another width", good + "extra 1 2 3 4 5\n", 65, "v.txt:15", "4"),
    vectors("vectors too narrow", good + "extra 1 2\n", 65, "v.txt:15", "4"),
    vectors("vectors with nan", good + "extra 1 2 nan 4\n", 65, "v.txt:15", "nan"),
    vectors("vectors with inf", good + "extra 1 2 inf 4\n", 65, "v.txt:15", "inf"),
    vectors("vectors beyond 32 bits", good + "extra 1 2 1e99 4\n", 65, "v.txt:15", "1e99"),
    vectors("vectors with words for numbers", good + "extra one two three four\n", 65, "v.txt:15"),
    vectors("vectors' header promises more", "99 4\n" + good, 65, "v.txt", "99"),
    vectors("vectors' header of huge sizes", "9999999999999 9999999999\n" + good, 65, "v.txt"),
    bytes("vectors in gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2], 65, ["v.txt", "gzip"]),
    bytes("vectors in zip", [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 8, 0], 65, ["v.txt", "a ZIP archive"]),
    bytes("vectors with a NUL", Array(good.utf8) + [0x61, 0, 0x20, 0x31, 0x0A], 65, ["v.txt:15"]),
    vectors("vectors are a web page", "<!DOCTYPE html>\n<html></html>\n", 65, "v.txt"),
    vectors("vectors are a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", 65, "v.txt"),
    BadCase(
      "word2vec binary cut short", "\(train) --embeddings v.bin --embedding-format word2vec-binary", 65, "v.bin",
      prepare: { try $0.write(Array("3 4\nthe ".utf8) + [0, 0, 0, 0], "v.bin") }),
  ]
}
