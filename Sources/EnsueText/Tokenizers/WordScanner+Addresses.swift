// Web and e-mail addresses.

extension WordScanner {
  /// The end of the web or e-mail address at the position, if there is one.
  func addressEnd() -> Int? {
    if let first = webAddressBody() { return webAddressEnd(from: first) }
    return mailAddressEnd()
  }

  /// Where a web address goes on after its scheme or `www.`.
  private func webAddressBody() -> Int? {
    let body: Int
    switch ASCII.lowercase(text[position]) {
    case UInt8(ascii: "h") where continues(position, with: "http://"): body = position + 7
    case UInt8(ascii: "h") where continues(position, with: "https://"): body = position + 8
    case UInt8(ascii: "f") where continues(position, with: "ftp://"): body = position + 6
    case UInt8(ascii: "w") where continues(position, with: "www."): body = position + 4
    default: return nil
    }
    return isAlphanumeric(body) ? body : nil
  }

  /// Everything that may stand in an address, less punctuation at the end. A closing bracket stays when the address
  /// opened it.
  private func webAddressEnd(from body: Int) -> Int {
    var end = body
    var opened = 0
    while end < text.count {
      let lead = text[end]
      if lead >= 0x80 {
        let (scalarClass, length) = classify(end)
        guard scalarClass.isAlphanumeric || scalarClass == .extending && !startsWithSkinTone(end) else { break }
        end += length
      } else {
        guard isAddressByte(lead) else { break }
        opened += lead == UInt8(ascii: "(") ? 1 : lead == UInt8(ascii: ")") ? -1 : 0
        end += 1
      }
    }
    while end > body {
      switch text[end - 1] {
      case UInt8(ascii: ")"):
        if opened >= 0 { return end }
        opened += 1
      case UInt8(ascii: "("): opened -= 1
      case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"),
        UInt8(ascii: "?"), UInt8(ascii: "'"), UInt8(ascii: "]"), UInt8(ascii: "["), UInt8(ascii: "*"),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "-"), UInt8(ascii: "&"), UInt8(ascii: "@"):
        break
      default: return end
      }
      end -= 1
    }
    return end
  }

  private func isAddressByte(_ byte: UInt8) -> Bool {
    switch byte {
    case ...0x20, 0x7F, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "{"),
      UInt8(ascii: "}"), UInt8(ascii: "|"), UInt8(ascii: "\\"), UInt8(ascii: "^"):
      false
    default: true
    }
  }

  private func startsWithSkinTone(_ index: Int) -> Bool {
    0x1F3FB...0x1F3FF ~= scalar(index).0.value
  }

  /// `local@domain.tld` in ASCII; the local part is at most 64 bytes, the domain at most 255 (RFC 5321).
  private func mailAddressEnd() -> Int? {
    var at = position
    while at - position <= 64, isMailByte(byte(at)) { at += 1 }
    guard at - position <= 64, byte(at) == UInt8(ascii: "@"), ASCII.isAlphanumeric(byte(at + 1)) else { return nil }
    var end = at + 1
    var labelEnd = end
    var dots = 0
    while end - at <= 255 {
      let byte = byte(end)
      if byte == UInt8(ascii: ".") {
        guard ASCII.isAlphanumeric(self.byte(end + 1)), ASCII.isAlphanumeric(text[end - 1]) else { break }
        dots += 1
      } else if ASCII.isAlphanumeric(byte) {
        labelEnd = end + 1
      } else if byte != UInt8(ascii: "-") {
        break
      }
      end += 1
    }
    return dots > 0 && end - at <= 255 ? labelEnd : nil
  }

  private func isMailByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
    default: ASCII.isAlphanumeric(byte)
    }
  }
}
