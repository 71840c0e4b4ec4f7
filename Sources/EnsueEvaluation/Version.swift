/// Ensue's version, as runs record it and signatures name it.
public let ensueVersion = "0.1.0"
