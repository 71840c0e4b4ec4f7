// What is chosen of a cell's equations on the command line: trained, stored, read again, or refused by name.

import EnsueFiles
import EnsueTensor
import Testing

@Suite struct CellOptionTests {
  private static let rolls = "[[[60,64],[62,65],[60,64],[],[62]],[[62,65],[60],[62,65]]]"

  private static let commands = [
    (
      "train language --data text.txt --hidden 4 --embedding-size 4 --layers 1 --batch 4 --steps 6 --max-steps 2",
      "generate run --prompt the --length 4"
    ),
    (
      "train classify --data data.tsv --model bilstm --hidden 4 --embedding-size 4 --epochs 1",
      "evaluate run --data data.tsv"
    ),
    ("train rolls --data pieces.json --hidden 4 --epochs 1", "rolls generate run --steps 4"),
  ]

  private static func with(_ body: (Sandbox) throws -> Void) throws {
    try Sandbox.withText { sandbox in
      try sandbox.write("{\"train\": \(rolls), \"valid\": \(rolls), \"test\": \(rolls)}", "pieces.json")
      try body(sandbox)
    }
  }

  /// The bundle's configuration and the names of its weights, after a training and a use.
  private static func trained(
    _ command: (train: String, use: String), _ options: String, _ sandbox: Sandbox
  ) throws -> (stored: String, weights: [String]) {
    let trained = try Program.run("\(command.train) \(options) --quiet --out run", in: sandbox.path)
    try #require(trained.code == 0 && trained.error.isEmpty, "\(trained)")
    let used = try Program.run(command.use, in: sandbox.path)
    #expect(used.code == 0, "\(used)")
    let reader = try SafetensorsReader(sandbox.place("run/bundle/model.safetensors"))
    return (try sandbox.text("run/bundle/configuration.json"), reader.names)
  }

  @Test(arguments: [0, 1, 2]) func activationsLeaksAndFirstStates(_ command: Int) throws {
    try CellOptionTests.with { sandbox in
      let (stored, weights) = try CellOptionTests.trained(
        CellOptionTests.commands[command], "--cell rnn --cell-activation relu --learn-leak --learn-initial-state",
        sandbox)
      #expect(stored.contains("\"activation\": \"relu\"") && stored.contains("\"learnsLeak\": true"), "\(stored)")
      #expect(weights.contains { $0.hasSuffix(".p_leak") }, "\(weights)")
      #expect(weights.contains { $0.hasSuffix(".initial.h") }, "\(weights)")
    }
  }

  @Test(arguments: [0, 1, 2]) func peepholesAndMemoryCells(_ command: Int) throws {
    try CellOptionTests.with { sandbox in
      let (stored, weights) = try CellOptionTests.trained(
        CellOptionTests.commands[command], "--cell lstm-nig --no-peepholes --zoneout 0.125 --zoneout-cell 0.5", sandbox)
      #expect(stored.contains("\"hasPeepholes\": false") && stored.contains("\"memoryZoneout\": 0.5"), "\(stored)")
      #expect(!weights.contains { $0.contains(".p_") } && weights.contains { $0.hasSuffix(".W_f") }, "\(weights)")
    }
  }

  /// A fixed leak and both regularisers, of models of piano rolls too.
  @Test func rollsAreRegularised() throws {
    try CellOptionTests.with { sandbox in
      let command = CellOptionTests.commands[2]
      let options = "--leak 0.5 --norm-stabilizer 0.25 --gradient-propagation 0.125"
      let (stored, _) = try CellOptionTests.trained(command, options, sandbox)
      for part in ["\"leak\": 0.5", "\"normStabilizer\": 0.25", "\"gradientPropagation\": 0.125"] {
        #expect(stored.contains(part), "\(part): \(stored)")
      }
      // A bundle from before these settings.
      let kept = stored.split(separator: "\n").filter { line in
        !["leak", "learnsInitialState", "normStabilizer", "gradientPropagation", "equations"].contains {
          line.contains("\"\($0)\"")
        }
      }
      try sandbox.write(kept.joined(separator: "\n"), "run/bundle/configuration.json")
      let read = try Program.run(command.1, in: sandbox.path)
      #expect(read.code == 0, "\(read)")
    }
  }

  @Test(arguments: [0, 1, 2]) func whatACellLacksIsRefused(_ command: Int) throws {
    try CellOptionTests.with { sandbox in
      try sandbox.write("state h\nh' = tanh(W_h x + U_h h)\ny = 0.5 ⊙ h'\noutput y\n", "own.txt")
      for (options, word) in [
        ("--cell gru --cell-activation relu", "found gru"), ("--cell lstm --no-peepholes", "found lstm"),
        ("--cell-file own.txt --cell-activation relu", "a cell by name expected"),
        ("--cell-file own.txt --leak 0.5", "a cell whose output is a state expected"),
        ("--cell-file own.txt --learn-leak", "a cell whose output is a state expected"),
        ("--gradient-propagation 1 --zoneout-cell 0.5", "of memory cells 0.5"),
      ] {
        let result = try Program.run("\(CellOptionTests.commands[command].0) \(options) --out x", in: sandbox.path)
        #expect(result.code == 78 && result.errorText.contains(word), "\(options): \(result)")
        #expect(!sandbox.exists("x"), "\(options)")
      }
    }
  }
}
