module Program

open System
open Microsoft.ML
open Microsoft.ML.Data
open Microsoft.ML.NTM

[<CLIMutable>]
type Row =
    { [<VectorType(0, 1)>]
      Features: float32[]
      Label: float32 }

[<CLIMutable>]
type Answer = { Score: float32 }

[<EntryPoint>]
let main _ =
    let ml = MLContext(seed = Nullable 1)
    let rows = [| { Features = [| 0f; 1f; 0f |]; Label = 1f }; { Features = [| 1f; 1f |]; Label = 0f } |]
    let data = ml.Data.LoadFromEnumerable rows

    let options =
        NtmTrainer.Options(
            NumberOfIterations = 2,
            ControllerSize = 4,
            MemorySlots = 4,
            MemoryWidth = 3,
            Optimizer = OptimizerKind.AdamW,
            GradientClipNorm = Nullable 1e-3
        )

    let model = SequenceCatalog(ml).Trainers.Ntm(options).Fit data
    use engine = ml.Model.CreatePredictionEngine<Row, Answer>(model :> ITransformer)
    printfn "%s" (if Single.IsFinite(engine.Predict(rows[0]).Score) then "scored" else "not scored")
    0
