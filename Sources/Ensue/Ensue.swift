// `import Ensue` gives the whole toolkit but for the experiments.

@_exported import EnsueBundle
@_exported import EnsueData
@_exported import EnsueDecoding
@_exported import EnsueEvaluation
@_exported import EnsueFiles
@_exported import EnsueHub
@_exported import EnsueLayers
@_exported import EnsueModels
@_exported import EnsueReport
@_exported import EnsueTasks
@_exported import EnsueTensor
@_exported import EnsueText
@_exported import EnsueTraining
