using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.AutoML;
using Microsoft.ML.NTM;

/// <summary>
/// Trains an NTM with a trial's options. A trial that is behind the best of all at half its time is stopped, and counts with what it has.
/// </summary>
internal sealed class StepRunner(MLContext ml, IDataView train, IDataView validation, int sequences) : ITrialRunner
{
    private const int Looks = 10;
    private double _bestAtHalf = double.PositiveInfinity;

    public Task<TrialResult> RunAsync(TrialSettings settings, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        NtmTrainer.Options options = settings.Parameter["ntm"].AsType<NtmTrainer.Options>();
        options.Alignment = SequenceAlignment.AfterInput;
        options.Loss = SequenceLoss.BinaryCrossEntropy;
        options.OutputLengthColumnName = "OutputLength";
        options.NumberOfIterations = sequences / options.BatchSize;
        options.ValidationInterval = options.ReportInterval = options.NumberOfIterations / Looks;
        options.StoppingToken = stop.Token;
        options.Progress = new Watch(progress => StopIfBehind(progress, stop));
        SequenceTransformer model = ml.Sequence.Trainers.Ntm(options).Fit(train, validation);
        double wrong = ml.Sequence.Evaluate(model.Transform(validation)).WrongBitsPerSequence;
        return Task.FromResult(new TrialResult
        {
            TrialSettings = settings,
            Model = model,
            Loss = wrong,
            Metric = wrong,
            DurationInMilliseconds = clock.ElapsedMilliseconds,
        });
    }

    public void Dispose()
    {
    }

    private void StopIfBehind(TrainingProgress progress, CancellationTokenSource stop)
    {
        if (progress.ValidationLoss is not double loss || progress.Iteration != progress.NumberOfIterations / Looks * (Looks / 2))
            return;
        if (loss > 1.2 * _bestAtHalf)
            stop.Cancel();
        _bestAtHalf = Math.Min(_bestAtHalf, loss);
    }

    private sealed class Watch(Action<TrainingProgress> look) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => look(value);
    }
}
