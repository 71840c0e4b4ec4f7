// The warm-ups before a decay by name.

/// How the learning rate rises before a decay.
public enum WarmUpShapeKind: String, Codable, CaseIterable, Sendable {
  /// min(1, t / w), then the decay.
  case linear
  /// 1 - exp(-t / w), which never ends: the decay is multiplied by it from the first step on (Ma and Yarats 2021).
  case exponential
}
