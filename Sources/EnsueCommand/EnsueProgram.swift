// The program's commands, in the order of its help.

import EnsueEvaluation
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
      about: "Trains, compares and uses sequence models on your own text: classifiers, language models, translators.",
      version: ensueVersion,
      commands: [
        .demo, .trainClassify, .sweepClassify, .trainLanguage, .trainTranslate, .trainRolls, .evaluate, .predict,
        .attend, .embed, .tag, .compare, .generate, .translate, .rollsGenerate, .pull, .dataInspect, .dataGenerate,
        .tokenizeTrain, .tokenizeEncode, .tokenizeDecode, .tokenizeShow, .score, .corpusBuild, .corpusShow, .cellsList,
        .cellsShow, .cellsTrace, .attentionList, .weightsExport, .weightsImport,
      ] + ProgramCommand.experiments + [
        .plotSchedule, .plotPositions, .plotAttentionTimes, .plotCurves,
      ],
      examples: [
        CommandExample("see it work, without any data", "ensue demo"),
        CommandExample(
          "train on your own sentences", "ensue train classify --data reviews.tsv --model bilstm --out runs/first"),
        CommandExample("use what was trained", "ensue predict runs/first < sentences.txt"),
      ])
    exit(program.run(CommandLine.words))
  }
}
