// The ways a date is written. A form and the date decide the text; no two dates have the same text.

/// A way to write a date. With slashes the month is first, with full stops the day; two digits of a year are of
/// 1970 … 2069.
enum DateForm: CaseIterable, Sendable {
  case slashes, slashesLong, stops, stopsLong, yearFirst, iso, digits
  case month, monthShort, weekday, weekdayShort
  case dayMonth, dayMonthShort, weekdayDay, hyphens, ordinal, ofMonth

  func text(_ date: CalendarDate) -> String {
    let (year, day) = (date.year, date.day)
    let (short, two) = (CalendarDate.two(year % 100), CalendarDate.two)
    let month = CalendarDate.months[date.month - 1]
    let weekday = CalendarDate.weekdays[date.weekday]
    return switch self {
    case .slashes: "\(date.month)/\(day)/\(short)"
    case .slashesLong: "\(two(date.month))/\(two(day))/\(year)"
    case .stops: "\(day).\(date.month).\(short)"
    case .stopsLong: "\(two(day)).\(two(date.month)).\(year)"
    case .yearFirst: "\(year)/\(two(date.month))/\(two(day))"
    case .iso: date.iso
    case .digits: "\(year)\(two(date.month))\(two(day))"
    case .month: "\(month) \(day), \(year)"
    case .monthShort: "\(month.prefix(3)) \(day), \(year)"
    case .weekday: "\(weekday), \(month) \(day), \(year)"
    case .weekdayShort: "\(weekday.prefix(3)) \(day) \(month.prefix(3)) \(year)"
    case .dayMonth: "\(day) \(month) \(year)"
    case .dayMonthShort: "\(day) \(month.prefix(3)) \(short)"
    case .weekdayDay: "\(weekday) \(day) \(month) \(year)"
    case .hyphens: "\(two(day))-\(month.prefix(3))-\(short)"
    case .ordinal: "\(month) \(DateForm.ordinal(day)), \(year)"
    case .ofMonth: "the \(DateForm.ordinal(day)) of \(month) \(year)"
    }
  }

  /// `1st`, `2nd`, `3rd`, `4th`, …
  private static func ordinal(_ day: Int) -> String {
    let end =
      switch day {
      case 1, 21, 31: "st"
      case 2, 22: "nd"
      case 3, 23: "rd"
      default: "th"
      }
    return "\(day)\(end)"
  }
}
