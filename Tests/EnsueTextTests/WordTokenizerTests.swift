// The rules of the word tokenizer, one line each: text, tokens with spaces between them.

import EnsueText
import Testing

@Suite struct WordTokenizerTests {
  static let cases: [(String, String)] = [
    ("", ""), ("   \t\r\n\u{B}\u{C} ", ""), ("word", "word"), ("Hello, world!", "Hello , world !"),
    // Contractions.
    ("I don't", "I do n't"), ("can't won't ain't", "ca n't wo n't ai n't"), ("it's he's", "it 's he 's"),
    ("I'll we've they'd you're I'm", "I 'll we 've they 'd you 're I 'm"), ("I'd've", "I 'd 've"),
    ("shouldn't've", "should n't 've"), ("DON'T It'S", "DO N'T It 'S"),
    ("it\u{2019}s don\u{2019}t", "it \u{2019}s do n\u{2019}t"),
    ("cannot Cannot", "can not Can not"), ("gonna wanna gotta", "gon na wan na got ta"),
    ("gimme lemme", "gim me lem me"), ("d'ye more'n", "d 'ye more 'n"), ("'tis 'Twas", "'t is 'T was"),
    ("it 's n't 'll", "it 's n't 'll"), ("o'clock O'Brien y'all", "o'clock O'Brien y'all"),
    ("rock 'n' roll", "rock 'n' roll"), ("get 'em 'cause", "get 'em 'cause"), ("the '90s", "the '90s"),
    ("dogs' bone", "dogs ' bone"), ("mother-in-law's", "mother-in-law 's"),
    // Quotes, brackets, dashes, dots.
    ("\"quoted\" 'single'", "\" quoted \" ' single '"), ("``ptb''", "`` ptb ''"),
    ("\u{201C}curly\u{201D}", "\u{201C} curly \u{201D}"), ("(a) [b] {c}", "( a ) [ b ] { c }"),
    ("wait... what..", "wait ... what .."), ("\u{2026}", "\u{2026}"), ("well--known", "well -- known"),
    ("a - b \u{2014} c", "a - b \u{2014} c"), ("well-known", "well-known"), ("!!! ?!", "! ! ! ? !"),
    // Numbers.
    ("1,000.50", "1,000.50"), ("$5.00 5% \u{20AC}3", "$ 5.00 5 % \u{20AC} 3"), ("10:30 24/7", "10:30 24/7"),
    ("-5 (-5) +3", "-5 ( -5 ) +3"), ("x-5", "x-5"), (".5 -.5", ".5 -.5"), ("1,2, 3", "1,2 , 3"),
    ("1990s 2nd", "1990s 2nd"),
    ("3.14.", "3.14 ."),
    // Full stops.
    ("The end.", "The end ."), ("U.S. troops", "U.S. troops"), ("in the U.S.", "in the U.S."),
    ("e.g. this", "e.g. this"),
    ("Mr. Smith", "Mr. Smith"), ("I said no.", "I said no ."), ("No. 5", "No. 5"), ("Jan. 5", "Jan. 5"),
    ("John F. Kennedy", "John F. Kennedy"), ("So do I. Then", "So do I . Then"), ("Ph.D. etc.", "Ph.D. etc."),
    ("j . r . r .", "j . r . r ."),
    // The web.
    ("see http://t.co/abc?x=1, ok", "see http://t.co/abc?x=1 , ok"), ("HTTPS://A.b/", "HTTPS://A.b/"),
    ("(www.example.com/a_(b))", "( www.example.com/a_(b) )"), ("http:// www.", "http : / / www ."),
    ("http://t.co/a\u{1F600}", "http://t.co/a \u{1F600}"), ("me.too+x@site.co.uk.", "me.too+x@site.co.uk ."),
    ("a@b", "a @b"), ("@user_1 hi", "@user_1 hi"), (".@user", ". @user"), ("@ home", "@ home"),
    ("#tag #2day #1", "#tag #2day # 1"), ("#caf\u{E9}", "#caf\u{E9}"),
    ("&amp; fish&amp;chips &#39; &#x27;", "&amp; fish &amp; chips &#39; &#x27;"),
    ("AT&T R&B a & b", "AT&T R&B a & b"), ("and/or w/o", "and/or w/o"), ("f**k *really*", "f**k * really *"),
    ("snake_case _x_", "snake_case _ x _"),
    // Faces.
    (":-) :( ;-D", ":-) :( ;-D"), ("<3 </3 <33", "<3 </3 <33"), (":'( :') :'-(", ":'( :') :'-("),
    ("xD XDD =P", "xD XDD =P"), (":))) :DDD", ":))) :DDD"), ("nice:) bad:(", "nice :) bad :("), ("(: ):", "(: ):"),
    (">:( 8-)", ">:( 8-)"), ("^_^ -_- T_T o_O", "^_^ -_- T_T o_O"),
    ("\u{AF}\\_(\u{30C4})_/\u{AF}", "\u{AF}\\_(\u{30C4})_/\u{AF}"),
    (":/ http://x.y", ":/ http://x.y"), ("note:Please", "note : Please"), ("(see page 8)", "( see page 8 )"),
    ("3:3 :3", "3:3 :3"),
    ("a:)b", "a : ) b"), ("x <3% y", "x <3 % y"), ("2<3", "2 < 3"),
    // Emoji.
    ("\u{1F600}\u{1F600}", "\u{1F600} \u{1F600}"), ("ok\u{1F44D}\u{1F3FD}!", "ok \u{1F44D}\u{1F3FD} !"),
    ("\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}"),
    ("\u{1F1EC}\u{1F1F7}\u{1F1EB}\u{1F1F7}\u{1F1E9}", "\u{1F1EC}\u{1F1F7} \u{1F1EB}\u{1F1F7} \u{1F1E9}"),
    ("1\u{FE0F}\u{20E3}2\u{FE0F}\u{20E3}", "1\u{FE0F}\u{20E3} 2\u{FE0F}\u{20E3}"),
    ("\u{2764}\u{FE0F}\u{200D}\u{1F525}", "\u{2764}\u{FE0F}\u{200D}\u{1F525}"), ("\u{A9}2020", "\u{A9} 2020"),
    ("\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}x", "\u{1F3F4}\u{E0067}\u{E0062}\u{E007F} x"),
    // Other scripts and white space.
    ("na\u{EF}ve cafe\u{301}", "na\u{EF}ve cafe\u{301}"), ("a\u{A0}b\u{3000}c\u{2028}d\u{200B}e\u{FEFF}", "a b c d e"),
    ("\u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940}", "\u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940}"),
    ("\u{4F60}\u{597D}\u{3002}", "\u{4F60}\u{597D} \u{3002}"), ("l\u{B7}l", "l\u{B7}l"),
    ("\u{BF}Qu\u{E9}?", "\u{BF} Qu\u{E9} ?"),
    ("a\u{0}b\u{7F}c", "a b c"), ("\u{301}x", "\u{301} x"),
  ]

  @Test(arguments: cases)
  func splits(_ source: String, _ expected: String) {
    let tokens = WordTokenizer().tokens(in: source).map(text)
    #expect(tokens.joined(separator: " ").utf8.elementsEqual(expected.utf8), "\(tokens)")
  }

  @Test(arguments: [
    ("Don't SHOUT", "do n't shout"), ("\u{C9}T\u{C9} \u{130}", "\u{E9}t\u{E9} i\u{307}"),
    ("\u{39F}\u{3A3}", "\u{3BF}\u{3C3}"),
    (":D :-P XD T_T Doc", ":D :-P XD T_T doc"), ("HTTP://T.co/Ab @User #Tag", "http://t.co/ab @user #tag"),
  ])
  func lowercases(_ source: String, _ expected: String) {
    let tokens = WordTokenizer(lowercase: true).tokens(in: source).map(text)
    #expect(tokens.joined(separator: " ").utf8.elementsEqual(expected.utf8), "\(tokens)")
  }

  @Test(arguments: [
    ("", []), (" a  b\tc\r\n", ["a", "b", "c"]), ("a,b don't", ["a,b", "don't"]), ("a\u{A0}b", ["a\u{A0}b"]),
    ("\u{C9}A", ["\u{C9}A"]), ("\r\n", []),
  ])
  func whiteSpaceOnly(_ source: String, _ expected: [String]) {
    let tokens = WhitespaceTokenizer().tokens(in: source)
    #expect(tokens == expected.map { Array($0.utf8) })
    #expect(WhitespaceTokenizer(lowercase: true).tokens(in: "\u{C9}A").map(text) == ["\u{E9}a"])
  }
}
