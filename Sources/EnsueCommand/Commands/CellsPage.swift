// Documentation/Cells.md: every built-in cell with its equations. A test holds the file to this text.

import EnsueLayers

enum CellsPage {
  static var markdown: String {
    let cells = RecurrentCellKind.allCases.map { kind in
      let formula = kind.formula()
      return """
        ## `\(kind.rawValue)`: \(kind.title)
        \(kind.summary.prefix(1).uppercased() + kind.summary.dropFirst()).

        ```math
        \(formula.latex)
        ```
        ```
        \(formula.text)
        ```

        """
    }
    return introduction + cells.joined(separator: "\n")
  }

  private static let introduction = """
    # The recurrent cells

    Every cell is a formula: the text below it is all there is of it. From the text come the forward and the backward \
    pass, the fused program of a step, the weights with their names and shapes, streaming, stacking and both \
    directions. `ensue cells show NAME` prints a cell with its weights and its plan; `--cell-file FILE` trains with one \
    of your own. A bundle holds the equations in full, so that a model stays what it was trained as; \
    `ensue cells show RUN` prints them, and `ensue cells trace` their values over a text \
    ([LookingInside.md](LookingInside.md#gates-and-states)).

    This page is `ensue cells list --markdown`.

    ## How a cell is written
    A line is `name = term`; `state h, c` declares the states, a prime marks a state after the step (`h'`), `output h'` \
    names what the layer gives. The input is `x`.

    | a name beginning with | is | shape |
    |---|---|---|
    | `W_` | a matrix applied to the input: `W_i x` | [hidden, input] |
    | `U_` | a matrix applied to a state or a value: `U_i h`, `U_h (r ⊙ h)` | [hidden, hidden] |
    | `p_` | a vector that multiplies unit by unit: `p_i ⊙ c` | [hidden] |
    | `b_` | a vector that is added: `b_i`; `b_f starts at 1` says how it begins | [hidden] |

    Functions: `σ` (`sigmoid`), `tanh`, `relu`, `softplus`, `exp`, `log`, and `norm`, which brings the units of a row to \
    mean 0 and variance 1. Operators: `+`, `−` (`-`), `⊙` (`*`), `/`. `#` begins a remark. An `x` outside a `W_` map has \
    the width of the units, and is projected by a matrix of its own, `W_x`, where the input's width differs. A matrix \
    appears once; a product wanted twice gets a name. An error points at its place:

    ```
    error: my-cell.txt:2: unknown name k. There are h, h', x.
      h' = tanh(W_h x + U_h k + b_h)
                            ^
    ```

    In training, any cell takes layer normalisation (`--layer-norm`), variational dropout of the recurrence \
    (`--recurrent-dropout`), zoneout (`--zoneout`) and leaky integration (`--leak`, learned \
    with `--learn-leak`): they are rewrites of the formula. The dropout is of states within `U_` maps; a cell that has \
    none there, or reads one through a value (`q = r ⊙ h`, then `U_h q`), is refused. A leak is of the output, which \
    must be a state. `--zoneout-cell` is the rate of the states that are not the output, as an LSTM's memory cells, \
    apart from `--zoneout` (Krueger et al. 2016).

    `--cell-activation` chooses the function of `rnn`, `output-feedback`, `rnn-leaky` and \
    `rnn-layer-norm` (`identity`, `sigmoid`, `tanh`, `relu`, `softplus`), and `--no-peepholes` leaves the peepholes out \
    of the variants of Greff et al. (2017) but `lstm-np`; other cells refuse them. `--forget-bias` is the first value \
    of the forget gate's bias, where there is one.

    Weights begin as `model.inputInitializer` and `model.recurrentInitializer` say (`uniform`, `glorot`, `he`, \
    `orthogonal`, `identity`). ReLU units that begin as the identity are the IRNN of Le, Jaitly and Hinton (2015):

    ```
    --cell rnn --cell-activation relu --set model.recurrentInitializer=identity
    ```


    """
}
