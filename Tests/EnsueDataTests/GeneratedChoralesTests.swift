// Generated chorales: harmony, voices, and that there is something to learn from the step before.

import EnsueData
import Foundation
import Testing

@Suite struct GeneratedChoralesTests {
  private let task: GeneratedChorales

  init() throws { task = try GeneratedChorales(trainingCount: 150, validationCount: 50, testCount: 50) }

  @Test func grammarIsClosed() {
    for chord in HarmonyChord.allCases {
      #expect(chord.successors.reduce(0) { $0 + $1.weight } == 16 && chord.successors.allSatisfy { $0.weight > 0 })
      #expect(!chord.successors.contains { $0.chord == chord })
      #expect(Set(chord.successors.map(\.chord)).count == chord.successors.count)
      // Two chords before a cadence there is always a way to its approach.
      for approach in [HarmonyChord.dominant, .dominantSeventh, .subdominant, .supertonic] {
        #expect(
          chord.successors.contains { between in between.chord.successors.contains { $0.chord == approach } },
          "\(chord) \(approach)")
      }
      for isMinor in [true, false] {
        let pitches = chord.pitchClasses(isMinor: isMinor)
        let scale = isMinor ? [0, 2, 3, 5, 7, 8, 10, 11] : [0, 2, 4, 5, 7, 9, 11]
        #expect(pitches.allSatisfy { scale.contains($0) } && Set(pitches).count == pitches.count)
      }
    }
  }

  @Test func phrasesKeepToTheGrammar() throws {
    var followed: [HarmonyChord: [HarmonyChord: Int]] = [:]
    var cadences: [HarmonyChord: Int] = [:]
    for index in 0..<150 {
      let segments = task.score(index, of: .training).segments
      #expect(segments.first?.chord == .tonic && segments.last?.chord == .tonic)
      #expect([.dominant, .dominantSeventh].contains(segments[segments.count - 2].chord))
      var phrases: [[HarmonySegment]] = [[]]
      for segment in segments {
        phrases[phrases.count - 1].append(segment)
        if segment.closesPhrase { phrases.append([]) }
      }
      #expect(phrases.removeLast().isEmpty && task.phraseCounts ~= phrases.count)
      for phrase in phrases {
        #expect([8, 12].contains(phrase.reduce(0) { $0 + $1.duration }) && phrase.last?.duration == 2)
        #expect(phrase.allSatisfy { 1...2 ~= $0.duration })
        cadences[try #require(phrase.last).chord, default: 0] += 1
      }
      for (first, second) in zip(segments, segments.dropFirst()) {
        let allowed = first.chord.successors.map(\.chord)
        #expect(allowed.contains(second.chord), "\(first.chord) \(second.chord)")
        followed[first.chord, default: [:]][second.chord, default: 0] += 1
      }
    }
    #expect(followed.count == HarmonyChord.allCases.count)
    #expect(cadences.keys.count == 3 && (cadences[.tonic] ?? 0) > (cadences[.dominant] ?? 0))
    #expect((cadences[.dominant] ?? 0) > (cadences[.submediant] ?? 0))
  }

  @Test func voicesSing() throws {
    var passing = 0
    var held = 0
    var moves = 0
    var leaps = 0
    for index in 0..<150 {
      let score = task.score(index, of: .training)
      let durations = score.segments.flatMap { segment in
        (0..<segment.duration).map { (segment: segment, isOnset: $0 == 0) }
      }
      #expect(score.steps.count == durations.count)
      for (voices, place) in zip(score.steps, durations) {
        #expect(zip(voices.notes, voices.notes.dropFirst()).allSatisfy(<) && voices.notes.count == 4)
        #expect(zip(voices.notes, FourVoices.ranges).allSatisfy { $1 ~= $0 }, "\(voices.notes)")
        let chord = place.segment.chord.pitchClasses(isMinor: score.isMinor).map { ($0 + score.keynote) % 12 }
        let foreign = voices.notes.count { !chord.contains($0 % 12) }
        #expect(foreign <= (place.isOnset || place.segment.closesPhrase ? 0 : 1))
        passing += foreign
        if place.isOnset { #expect(Set(voices.notes.map { $0 % 12 }).isSuperset(of: chord.prefix(3))) }
      }
      for (here, next) in zip(score.steps, score.steps.dropFirst()) {
        for voice in 1..<4 {
          moves += 1
          if here.notes[voice] == next.notes[voice] { held += 1 }
          if abs(here.notes[voice] - next.notes[voice]) > 7 { leaps += 1 }
        }
      }
      #expect(task.piece(index, of: .training).steps == score.steps.map { PianoKeys($0.notes) })
    }
    #expect(passing > 100, "\(passing)")
    #expect(
      0.2...0.6 ~= Double(held) / Double(moves) && Double(leaps) / Double(moves) < 0.03, "\(held) \(leaps) \(moves)")
  }

  @Test func shapeIsThatOfChorales() throws {
    let lengths = (0..<150).map { task.piece($0, of: .training).steps.count }
    #expect(lengths.allSatisfy { 32...108 ~= $0 } && 45...75 ~= lengths.reduce(0, +) / 150)
    #expect(task.piece(0, of: .training).steps.allSatisfy { $0.count == 4 })
    #expect(Set((0..<150).map { task.score($0, of: .training).keynote }).count == 12)
    let standard = try GeneratedChorales()
    #expect(SequencePart.allCases.map { standard.count(of: $0) } == [229, 76, 77])
    let again = try GeneratedChorales(trainingCount: 3, validationCount: 1, testCount: 1)
    #expect(again.piece(2, of: .training) == task.piece(2, of: .training))
  }

  /// A predictor that knows for each key whether it sounded just before needs fewer nats than one that
  /// does not: for the JSB chorales 10.49 instead of 11.09.
  @Test func theStepBeforeTells() throws {
    let (training, test) = ((0..<150).map { task.piece($0, of: .training) }, (0..<50).map { task.piece($0, of: .test) })
    var counts = [[[Double]]](repeating: [[0.5, 1], [0.5, 1]], count: 88)
    let visit = { (pieces: [PianoRoll], body: (Int, Int, Bool) -> Void) in
      for piece in pieces {
        for (before, now) in zip(piece.steps, piece.steps.dropFirst()) {
          for note in PianoKeys.notes { body(note - 21, before.contains(note) ? 1 : 0, now.contains(note)) }
        }
      }
    }
    visit(training) { key, before, sounds in
      counts[key][before][0] += sounds ? 1 : 0
      counts[key][before][1] += 1
    }
    var loss = 0.0
    visit(test) { key, before, sounds in
      let probability = counts[key][before][0] / counts[key][before][1]
      loss -= log(sounds ? probability : 1 - probability)
    }
    loss /= Double(test.reduce(0) { $0 + $1.steps.count - 1 })
    let baseline = task.baseline(on: .test).loss
    #expect(9...15 ~= baseline && loss < baseline - 0.5, "\(loss) \(baseline)")
  }
}
