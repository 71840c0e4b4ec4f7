// Formulas that are none: text, line and column of the caret, words of the message.

import Testing

/// A text that is refused.
struct FormulaBadText: Sendable, CustomTestStringConvertible {
  let text: String
  let line: Int
  /// Displayed columns, from 1.
  let column: Int
  let words: [String]

  init(_ text: String, _ line: Int, _ column: Int, _ words: String...) {
    self.init(text: text, line: line, column: column, words: words)
  }

  private init(text: String, line: Int, column: Int, words: [String]) {
    self.text = text
    self.line = line
    self.column = column
    self.words = words
  }

  /// An Elman cell whose update is `update`, on line 2.
  static func update(_ update: String, _ column: Int, _ words: String...) -> FormulaBadText {
    FormulaBadText(text: "state h\nh' = \(update)\noutput h'", line: 2, column: column, words: words)
  }

  var testDescription: String { text.debugDescription }

  static let all = names + states + weights + syntax + statements + firstValues + structure

  static let names: [FormulaBadText] = [
    .update("tanh(W_h x + U_h k)", 23, "unknown name k", "There are h, h', x."),
    .update("tanh(W_h x + U_h h + gate)", 27, "unknown name gate", "There are h, h', x."),
    FormulaBadText(
      "state h\nreset = σ(W_r x)\nh' = tanh(W_h x + U_h (rest ⊙ h))\noutput h'", 3, 24, "unknown name rest",
      "Did you mean reset?"),
    FormulaBadText(
      "state h\nh' = tanh(W_h x + U_h h)\ni = 1\ni = 2\noutput h'", 4, 1, "i is defined twice",
      "Give the second another name."),
    FormulaBadText(
      "state h\nh' = h\nh' = tanh(W_h x)\noutput h'", 3, 1, "h' is defined twice", "Give the second another name."),
    FormulaBadText(
      "state h\nx = tanh(h)\nh' = x\noutput h'", 2, 1, "x is the input and cannot be given a value",
      "Choose another name."),
    FormulaBadText(
      "state h\ntanh = W_i x\nh' = U_h h\noutput h'", 2, 1, "tanh is a function and cannot name a value",
      "Choose another name."),
    FormulaBadText(
      "state h\nW_i = h\nh' = U_h h\noutput h'", 2, 1,
      "W_i is the name of a map of the input, as the beginning W_ says, and cannot name a value",
      "Choose a name that does not begin with W_."),
    FormulaBadText(
      "state h\nm_h = h\nh' = U_h h\noutput h'", 2, 1,
      "names that begin with m_ are kept for the masks of training options, found m_h", "Choose another name."),
    FormulaBadText(
      "state h\nn_h = h\nh' = U_h h\noutput h'", 2, 1,
      "names that begin with n_ are kept for the noise of training options, found n_h", "Choose another name."),
    FormulaBadText(
      "state h\nstarts = h\nh' = U_h h\noutput h'", 2, 1, "starts is a word of the language and cannot name a value",
      "Choose another name."),
    .update(
      "tanh(W_h x + m_h ⊙ h)", 19, "masks and noise cannot be written in a formula, found m_h",
      "They are made by the options of training."),
    .update("x' + h", 6, "x has no value after the step, found x'", "Write x."),
    .update("tanh'(h)", 6, "a function without a prime expected, found tanh'"),
    .update("W_h' x + h", 6, "a weight without a prime expected, found W_h'", "Only states are primed."),
    FormulaBadText(
      "state h\ni = W_i x\nh' = i' + h\noutput h'", 3, 6, "i is a value of the step, not a state, and has no prime",
      "Write i."),
    .update("q' + h", 6, "unknown name q'", "There are h, h', x."),
    .update("W_ x + h", 6, "a name after W_ expected, found none", "Write for example W_h."),
    .update("x + h + output", 14, "a term expected, found output, a word of the language", "Choose another name."),
  ]

  static let states: [FormulaBadText] = [
    FormulaBadText(
      "state h, c\nh' = tanh(W_h x + U_h h + c)\noutput h'", 1, 10, "the state c has no update",
      "Add an equation c' = …."),
    FormulaBadText(
      "state h\nh' = tanh(W_h x + U_h h)\nc' = h\noutput h'", 3, 1, "c' updates c, which is not declared as a state",
      "Add c to the line that begins with state."),
    FormulaBadText(
      "state hidden\nhiden' = tanh(W_h x + U_h hidden)\noutput hidden'", 2, 1,
      "hiden' updates hiden, which is not declared as a state", "Did you mean hidden'?"),
    FormulaBadText(
      "state h\nh = tanh(W_h x + U_h h)\noutput h'", 2, 1,
      "h is a state, the value before the step, and cannot be given a value",
      "Write h' = … for the state after the step."),
    FormulaBadText(
      "state h, h\nh' = tanh(W_h x + U_h h)\noutput h'", 1, 10, "h is declared as a state twice", "Declare it once."),
    FormulaBadText(
      "state h'\nh' = tanh(W_h x + U_h h)\noutput h'", 1, 7, "a state without prime expected, found h'", "Write h."),
    FormulaBadText(
      "state x\nx' = tanh(W_h x)\noutput x'", 1, 7, "x is the input and cannot be given a value", "Choose another name."
    ),
    FormulaBadText(
      "state U_h\nh' = tanh(W_h x)\noutput h'", 1, 7,
      "U_h is the name of a map of a state, as the beginning U_ says, and cannot name a value",
      "Choose a name that does not begin with U_."),
    FormulaBadText("state h c\nh' = x + h\nc' = c\noutput h'", 1, 9, "a comma expected, found 'c'"),
    FormulaBadText(
      "state h,\nh' = x + h\noutput h'", 1, 8, "the name of a state expected after ',', found the end of the line"),
    FormulaBadText(
      "state\nh' = x\noutput h'", 1, 1, "the name of a state expected after 'state', found the end of the line"),
    FormulaBadText(
      "i = tanh(W_h x)\noutput i", 1, 1, "at least one state expected, found none", "Declare it with: state h."),
    FormulaBadText(
      "state h\nstate = h\nh' = x + h\noutput h'", 2, 1, "state is a word of the language and cannot name a value",
      "Choose another name."),
  ]

  static let weights: [FormulaBadText] = [
    .update("tanh(W_h h)", 11, "W_h maps the input x, found 'h'", "A map of a state or a value is called U_h."),
    .update(
      "tanh(W_h (x + h))", 11, "W_h maps the input x, found 'x + h'", "A map of a state or a value is called U_h."),
    .update("tanh(W_h x + U_h x)", 19, "U_h maps a state or a value, found x", "A map of the input is called W_h."),
    .update(
      "tanh(W_h x + h + U_h 1)", 23, "U_h maps a state or a value, found '1', which is the same at every step",
      "Use a bias (b_h) for what does not change."),
    .update(
      "tanh(W_h x + h + U_h (b_i + 1))", 23,
      "U_h maps a state or a value, found 'b_i + 1', which is the same at every step",
      "Use a bias (b_h) for what does not change."),
    .update(
      "tanh(W_h x + U_h h) + U_h h", 28, "U_h appears twice, and a map is applied once",
      "Name the product and use the name, or use a second map."),
    FormulaBadText(
      "state h\nr = W_h x\nh' = tanh(r + h +\n   U_h h + W_h x)\noutput h'", 4, 12,
      "W_h appears twice, and a map is applied once", "Name the product and use the name, or use a second map."),
    .update(
      "tanh(W_h x + U_h)", 19, "U_h is a map of a state and stands before what it maps, found ')'",
      "Write for example U_h h."),
    .update(
      "tanh(W_h x + U_h ⊙ h)", 19, "U_h is a map of a state and stands before what it maps, found '⊙'",
      "Write for example U_h h."),
    .update(
      "U_h h + W_h", 14, "W_h is a map of the input and stands before what it maps, found the end of the line",
      "Write for example W_h x."),
    .update(
      "tanh(W_h x + p_h h)", 19, "p_h is a vector that multiplies, not a map, and is applied to 'h'", "Write p_h ⊙ h."),
    .update("tanh(W_h x + b_h (h + 1))", 19, "b_h is a bias, not a map, and is applied to '('", "Write b_h + (…)."),
    .update(
      "tanh(V_h x + U_h h)", 11, "unknown name V_h, applied to 'x'",
      "A map of the input is called W_…, a map of a state U_…."),
    .update(
      "tanh(W x + U h)", 11, "unknown name W, applied to 'x'", "A map of the input is called W_…, a map of a state U_…."
    ),
  ]

  static let syntax: [FormulaBadText] = [
    .update("tanh(W_h x + U_h h", 10, "this parenthesis is never closed", "Add a )."),
    FormulaBadText(
      "state h\ni = σ(W_i x + (h\nh' = i\noutput h'", 2, 15, "this parenthesis is never closed", "Add a )."),
    .update("tanh(W_h x + U_h h))", 25, "an open parenthesis expected before ), found none", "Remove it."),
    .update("tanh(W_h x + U_h h) +", 26, "a term expected after '+', found the end of the line"),
    .update("tanh(W_h x ⊙ + U_h h)", 19, "a term expected, found '+'", "+ stands between two terms."),
    .update("⊙ h + x", 6, "a term expected, found '⊙'", "⊙ stands between two terms."),
    .update("x h", 8, "an operator expected between x and h, found none", "Write x ⊙ h for the product."),
    .update("x + 2 h", 12, "an operator expected between 2 and h, found none", "The product is written ⊙."),
    .update("x + (h) (h)", 14, "an operator expected between ) and (, found none", "The product is written ⊙."),
    .update("x + h (h)", 12, "an operator expected between h and (, found none", "The product is written ⊙."),
    .update("tanh x + h", 6, "parentheses expected after the function tanh, found 'x'", "Write tanh(x)."),
    .update(
      "x + h + tanh", 14, "parentheses expected after the function tanh, found the end of the line", "Write tanh(…)."),
    .update("x + tanh() + h", 15, "a term expected between the parentheses, found none"),
    .update("x + () + h", 11, "a term expected between the parentheses, found none"),
    .update("Tahn(x + h)", 6, "unknown function Tahn", "Did you mean tanh?"),
    .update("sin(x + h)", 6, "unknown function sin", "The functions are σ, tanh, relu, softplus, exp, log, norm."),
    .update("x + h / 0", 12, "a divisor other than 0 expected, found 0"),
    .update(
      "x + h ^ 2", 12, "a name, a number or an operator expected, found '^'", "Write a power as a product, v ⊙ v."),
    .update("x[0] + h", 7, "a name, a number or an operator expected, found '['", "Parentheses are ( and )."),
    .update("x + h; y", 11, "a name, a number or an operator expected, found ';'", "Write one equation a line."),
    .update("x \u{2013} h", 8, "a name, a number or an operator expected, found '–'", "A minus sign is - or −."),
    .update("x + h 'a", 12, "a prime directly after the name of a state expected, found ' elsewhere"),
    .update("x + h''", 12, "a prime directly after the name of a state expected, found ' elsewhere"),
    .update("x + 1.2.3 + h", 10, "a number expected, found '1.2.3'"),
    .update("x + . + h", 10, "a number expected, found '.'"),
    .update("x + 1e99 + h", 10, "a number that 32-bit arithmetic can hold expected, found '1e99'"),
    .update("x + h, h", 11, "an operator or the end of the line expected, found ','"),
    .update("x + \u{303}h", 10, "a name, a number or an operator expected, found '\\u{303}'"),
    .update("x + h\u{303}\u{303} + q", 10, "unknown name h̃̃", "There are h, h', x."),
    .update(
      "\tx + 漢 + q q", 16, "unknown name q, applied to 'q'", "A map of the input is called W_…, a map of a state U_…."),
    .update("x + h\u{0} + h", 11, "a name, a number or an operator expected, found '\\u{0}'"),
    .update(
      "x + h = h", 12, "an operator or the end of the line expected, found a second =", "Write one equation a line."),
    .update(
      "x + h == h", 12, "an operator or the end of the line expected, found a second =", "Write one equation a line."),
  ]

  static let statements: [FormulaBadText] = [
    FormulaBadText("state h\nh' = \noutput h'", 2, 4, "a term expected after =, found the end of the line"),
    FormulaBadText(
      "state h\nh' tanh(x + h)\noutput h'", 2, 4, "= expected after h', found 'tanh'", "An equation is written h' = …."),
    FormulaBadText(
      "state h\nh'\noutput h'", 2, 1, "= expected after h', found the end of the line", "An equation is written h' = …."
    ),
    FormulaBadText(
      "states h\nh' = x + h\noutput h'", 1, 8, "= expected after states, found 'h'", "Did you mean state?"),
    FormulaBadText(
      "state h\nh' = x + h", 2, 1, "a line with the output expected, found none", "Add for example: output h'."),
    FormulaBadText(
      "state h\nh' = x + h\noutput", 3, 1, "a name expected after output, found the end of the line", "Write output h'."
    ),
    FormulaBadText("state h\nh' = x + h\noutput 1", 3, 8, "a name expected after output, found '1'"),
    FormulaBadText(
      "state h\nh' = x + h\noutput h", 3, 8, "h is the state before the step and cannot be the output",
      "Write output h'."),
    FormulaBadText("state h\nh' = x + h\noutput k'", 3, 8, "unknown output k'", "There is h'."),
    FormulaBadText(
      "state h\nh' = x + h\noutput h', c'", 3, 10, "one output expected, found ',' after it",
      "A cell has one output; its states can be read by name."),
    FormulaBadText(
      "state h\nh' = x + h\noutput h'\noutput h'", 4, 1, "one output expected, found a second", "A cell has one output."
    ),
    FormulaBadText(
      "state h\n+ 1\nh' = x + h\noutput h'", 2, 1, "a statement expected, found '+'",
      "Indent a line that continues the one above."),
    FormulaBadText(
      "state h\n(h) = x\nh' = x + h\noutput h'", 2, 1, "state, output or the name of a value expected, found '('"),
    FormulaBadText("state h\nh' := x + h\noutput h'", 2, 4, "a name, a number or an operator expected, found ':'"),
    FormulaBadText(
      "state h\n$ = 1\nh' = x + h\noutput h'", 2, 1, "a name, a number or an operator expected, found '$'"),
  ]

  static let firstValues: [FormulaBadText] = [
    .update(
      "U_h h + W_h x   U_h starts at 1", 22, "a vector (p_…, b_…) expected before starts at, found the map U_h",
      "Maps begin as the initializer says."),
    .update(
      "h + W_h x + b_h   b_i starts at 1", 24, "no equation uses the vector b_i, which is given a first value",
      "Did you mean b_h?"),
    .update("h + W_h x   b_i starts at 1", 18, "no equation uses the vector b_i, which is given a first value"),
    .update(
      "h + W_h x + b_h   b_h starts at 1, b_h starts at 1", 41, "b_h is given a first value twice", "Give it once."),
    .update("h + W_h x + b_h   b_h starts at", 35, "a number expected after 'at', found the end of the line"),
    .update("h + W_h x + b_h   b_h starts at h", 38, "a number expected after starts at, found 'h'"),
    .update("h + W_h x + b_h   b_h starts 1", 35, "at expected after starts, found '1'", "Write starts at 1."),
    .update("h + W_h x + b_h   b_h starts", 28, "at expected after 'starts', found the end of the line"),
    .update(
      "h + W_h x + b_h   b_h starts at 1 2", 40, "the end of the line or another first value expected, found '2'",
      "Write for example b_f starts at 1."),
    .update(
      "h + W_h x + b_h   b_h starts at 1,", 39,
      "another first value expected after the comma, found the end of the line"),
    .update(
      "h + W_h x + b_h   b_h starts at -1e50", 39, "a number that 32-bit arithmetic can hold expected, found '1e50'"),
    .update("h + tanh(W_h x + b_h   b_h starts at 1", 14, "this parenthesis is never closed", "Add a )."),
    FormulaBadText(
      "state h\nh' = x + h\nh starts at 1\noutput h'", 3, 1, "a vector (p_…, b_…) expected before starts at, found h"),
  ]

  static let structure: [FormulaBadText] = [
    FormulaBadText(
      "state h, c\ni = σ(W_i x + U_i h + p_i ⊙ c')\nc' = c + i\nh' = tanh(c')\noutput h'", 2, 1,
      "i needs itself within the same step: i → c' → i",
      "Use a state before the step (without prime) at one of these places."),
    FormulaBadText(
      "state h\nh' = x + h'\noutput h'", 2, 1, "h' needs itself within the same step: h' → h'",
      "Use a state before the step (without prime) at one of these places."),
    FormulaBadText(
      "state h\nh' = tanh(W_h x)\noutput h'", 1, 7, "no equation reads a state: this is a feed-forward layer",
      "Use a state before the step, such as U_h h."),
    FormulaBadText(
      "state h\nh' = tanh(U_h h)\noutput h'", 1, 1,
      "no equation reads the input x: the output is the same for every sequence", "Use it, such as W_h x."),
    FormulaBadText(
      "state h\nz = σ(W_z x)\nh' = x + h\noutput h'", 2, 1, "z is computed and never used",
      "Use it or remove its equation."),
    FormulaBadText(
      "state h\nz = σ(W_z x)\nr = z\nh' = x + h\noutput h'", 2, 1, "z has no effect on the output h'",
      "Use it or remove its equation."),
    FormulaBadText(
      "state h, c\nc' = tanh(W_c x)\nh' = c' + h\noutput h'", 1, 10, "the state c is updated and never read",
      "Read it, or make c' a value without state: c = …."),
    FormulaBadText(
      "state h, c\nc' = c + W_c x\nh' = x + h\noutput h'", 1, 10, "the state c has no effect on the output h'"),
    FormulaBadText("h' = x\noutput h'", 1, 1, "at least one state expected, found none", "Declare it with: state h."),
    FormulaBadText("output y\ny = W_y x", 1, 1, "at least one state expected, found none", "Declare it with: state h."),
  ]
}
