Imports Microsoft.ML
Imports Microsoft.ML.Data
Imports Microsoft.ML.NTM

Module Program
    Sub Main()
        Dim ml As New MLContext(seed:=1)
        Dim rows = {New Row With {.Features = {0.0F, 1.0F, 0.0F}, .Label = 1.0F}, New Row With {.Features = {1.0F, 1.0F}, .Label = 0.0F}}
        Dim data = ml.Data.LoadFromEnumerable(rows)
        Dim options As New NtmTrainer.Options With {
            .NumberOfIterations = 2, .ControllerSize = 4, .MemorySlots = 4, .MemoryWidth = 3, .Optimizer = OptimizerKind.AdamW, .GradientClipNorm = 0.001}
        Dim model As ITransformer = New SequenceCatalog(ml).Trainers.Ntm(options).Fit(data)
        Using engine = ml.Model.CreatePredictionEngine(Of Row, Answer)(model)
            Console.WriteLine(If(Single.IsFinite(engine.Predict(rows(0)).Score), "scored", "not scored"))
        End Using
    End Sub
End Module

Public Class Row
    <VectorType(0, 1)>
    Public Property Features As Single()

    Public Property Label As Single
End Class

Public Class Answer
    Public Property Score As Single
End Class
