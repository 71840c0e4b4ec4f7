// Runs of symbols that stand in a sequence already.

/// The symbols that would make the last `length` symbols of a sequence a run that it already has (Paulus, Xiong and
/// Socher 2018).
func symbolsRepeatingRuns(of length: Int, in ids: [Int32]) -> [Int32] {
  guard length > 0, ids.count >= length else { return [] }
  let beginning = ids.suffix(length - 1)
  return (length - 1..<ids.count).filter { ids[$0 - (length - 1)..<$0].elementsEqual(beginning) }.map { ids[$0] }
}
