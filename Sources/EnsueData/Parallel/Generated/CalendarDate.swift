// Days of the Gregorian calendar, without a library: from a count of days to year, month, day and weekday.

/// A day.
struct CalendarDate: Sendable, Equatable {
  let year: Int
  /// 1 to 12
  let month: Int
  /// 1 to 31
  let day: Int
  /// 0 is Sunday.
  let weekday: Int

  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
  static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

  /// The day so many days after 1 January 1970, a Thursday.
  /// - Precondition: `days` is not negative.
  init(daysSince1970 days: Int) {
    precondition(days >= 0, "CalendarDate: \(days) days since 1970")
    weekday = (days + 4) % 7
    var (year, month, rest) = (1970, 1, days)
    while rest >= CalendarDate.days(year: year) {
      rest -= CalendarDate.days(year: year)
      year += 1
    }
    while rest >= CalendarDate.days(year: year, month: month) {
      rest -= CalendarDate.days(year: year, month: month)
      month += 1
    }
    (self.year, self.month, day) = (year, month, rest + 1)
  }

  private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
  private static func days(year: Int) -> Int { isLeap(year) ? 366 : 365 }

  private static func days(year: Int, month: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// YYYY-MM-DD (ISO 8601).
  var iso: String { "\(year)-\(CalendarDate.two(month))-\(CalendarDate.two(day))" }

  /// A number below 100 with two digits.
  static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
