// Use a trained classifier from Swift.

import Ensue

let bundle = try ClassifierBundle(contentsOf: "runs/first")
let (label, probabilities) = bundle.classify("the food was good , not bad at all")
print(label, probabilities)
