// The program's commands, in the order of its help.

import EnsueTasks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@main
enum EnsueProgram {
  static func main() {
    let program = Program(
      about: "Trains, compares and uses sequence models: sentence classifiers, recurrent and not, on your own text.",
      version: ensueVersion,
      commands: [
        .demo, .trainClassify, .sweepClassify, .trainCharacters, .evaluate, .predict, .attend, .compare, .generate,
        .dataInspect, .cellsList, .cellsShow, .attentionList, .weightsExport, .weightsImportCharRNN,
      ] + ProgramCommand.experiments + [.plotSchedule, .plotPositions],
      examples: [
        CommandExample("see it work, without any data", "ensue demo"),
        CommandExample(
          "train on your own sentences", "ensue train classify --data reviews.tsv --model bilstm --out runs/first"),
        CommandExample("use what was trained", "ensue predict runs/first < sentences.txt"),
      ])
    exit(program.run(CommandLine.arguments))
  }
}
