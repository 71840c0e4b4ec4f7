// What a level is made of.

/// A tile of a level by its character.
public enum LevelTile: UInt8, CaseIterable, Sendable {
  case ground = 0x23  // #
  case air = 0x2E  // .
  case platform = 0x3D  // =
  case enemy = 0x65  // e
  case coin = 0x6F  // o
  case pipe = 0x7C  // |

  public var title: String {
    switch self {
    case .ground: "ground"
    case .air: "air"
    case .platform: "platform"
    case .enemy: "enemy"
    case .coin: "coin"
    case .pipe: "pipe"
    }
  }
}
