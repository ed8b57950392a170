/// docs/guide/fsharp.md, on the file of readings that the first argument names.
module Program

open System
open Microsoft.ML
open Microsoft.ML.Data
open Microsoft.ML.NTM

[<CLIMutable>]
type Reading =
    { [<LoadColumn(0)>]
      Run: float32
      [<LoadColumn(1)>]
      Temperature: float32
      [<LoadColumn(2)>]
      Vibration: float32
      [<LoadColumn(3)>]
      Failed: bool }

[<CLIMutable>]
type Outcome =
    { Run: float32
      PredictedLabel: bool
      Probability: float32 }

[<EntryPoint>]
let main arguments =
    let file = arguments[0]
    let ml = MLContext(seed = Nullable 1)
    let sequence = SequenceCatalog(ml)
    let table = ml.Data.LoadFromTextFile<Reading>(file, separatorChar = ',', hasHeader = true)
    let runs = ml.Data.TrainTestSplit(table, testFraction = 0.25, samplingKeyColumnName = "Run")

    let options =
        LstmTrainer.Options(ControllerSize = 16, LearningRate = 5e-3, NumberOfIterations = 300, Progress = ConsoleProgress())

    let pipeline =
        EstimatorChain<ITransformer>()
            .Append(
                sequence.Transforms.Pack(
                    [| "Temperature"; "Vibration" |],
                    "Failed",
                    sequenceColumnName = "Run",
                    labelPlacement = LabelPlacement.Last
                )
            )
            .Append(sequence.Trainers.Lstm options)

    let model = pipeline.Fit runs.TrainSet
    let scored = model.Transform runs.TestSet
    let metrics = ml.BinaryClassification.Evaluate scored
    printfn "%s in the test" (if metrics.Accuracy > 0.9 then "right" else "wrong")

    for outcome in ml.Data.CreateEnumerable<Outcome>(scored, reuseRowObject = false) |> Seq.truncate 3 do
        printfn "run %g: %b" outcome.Run outcome.PredictedLabel

    0
