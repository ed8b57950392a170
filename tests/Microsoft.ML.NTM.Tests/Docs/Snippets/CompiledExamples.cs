using Microsoft.ML.Data;
using Microsoft.ML.NTM.Plotting;

namespace Microsoft.ML.NTM.Tests.Docs.Snippets;

/// <summary>Examples of the reference that write files or need a terminal, a sensor or hours: compiled here, and not run.</summary>
internal static class CompiledExamples
{
    public static void WatchTraining(MLContext ml, IDataView train)
    {
        ml.Sequence.Trainers.Ntm(new NtmTrainer.Options { Progress = new ConsoleProgress() }).Fit(train);

        //  42% ████████░░░░░░░░░░░░ 2,100/5,000  loss 0.0312  validation 0.041  1,204 sequences/s  0:12  0:17 left
    }

    public static void WatchTrainingInTensorBoard(MLContext ml, IDataView train)
    {
        using var board = new TensorBoardProgress("runs/first");
        ml.Sequence.Trainers.Ntm(new NtmTrainer.Options { Progress = board.And(new ConsoleProgress()) }).Fit(train);
        // then: tensorboard --logdir runs
    }

    public static NtmTrainer.Options WatchTrainingTwice() => new()
    {
        Progress = new ConsoleProgress().And(new TensorBoardProgress("runs/1")),
    };

    public static SweepOptions WatchASweep() => new SweepOptions { Progress = new SweepConsole() };

    public static SweepSpace NarrowASpace() =>
        SweepSpace.Of<LstmTrainer.Options>().Without("Optimizer").Range("ControllerLayers", 1, 3, start: 1);

    public static void TakeSteps(MLContext ml, ITransformer model, IEnumerable<Reading> sensor)
    {
        var engine = ml.Sequence.CreateStepEngine<Reading, Forecast>(model);
        foreach (Reading reading in sensor)
            Console.WriteLine(engine.Step(reading).Score[0]);
    }

    public static void ExportAStep(MLContext ml, TransformerChain<SequenceTransformer> model)
    {
        using FileStream file = File.Create("step.onnx");
        ml.Sequence.ExportStepOnnx(model.LastTransformer, file);
    }

    public static void ForecastPassengers(MLContext ml, IDataView table)
    {
        var model = ml.Sequence.Forecasting("Passengers", horizon: 12).Fit(table);
        Console.WriteLine(ml.Sequence.Forecast(model, table)[0]);
    }

    public static void LookInside(MLContext ml, ITransformer model, IDataView test)
    {
        foreach (SequenceTrace trace in ml.Sequence.Trace(model, ml.Data.TakeRows(test, 3)))
            trace.SaveSvg($"sequence{trace.Row}.svg");
    }

    public static void Draw(MLContext ml, SequenceTransformer model, IDataView test)
    {
        Figures.Trace(ml.Sequence.Trace(model, test).First()).SavePng("trace.png");
        Figures.LearningCurves([new LearningCurve("NTM", [model.Model.History!])]).SaveSvg("learning.svg");
    }

    public static void LearnGraphs(MLContext ml, DncTrainer trainer, SequenceTransformer? model, int iterations, int batchSize)
    {
        var curriculum = new GraphCurriculum((lesson, earlier, seed) => new TraversalTask(lesson, earlier, seed));
        while (!curriculum.Completed)
        {
            model = trainer.Fit(curriculum.ToDataView(ml), null, model?.Model);
            curriculum.Report(GraphMetrics.Evaluate(model.Transform(curriculum.Exam(ml, 200))), sequences: iterations * batchSize);
        }
    }

    internal sealed class Reading
    {
        public float Value { get; set; }
    }

    internal sealed class Forecast
    {
        public float[] Score { get; set; } = [];
    }
}
