using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Tests.Training;

/// <summary>
/// The smallest thing that can be trained: y = W x + b with squared error, in the output.weight and output.bias of an LSTM whose other
/// parameters get no gradient. Batches follow from the seed and the iteration, so a source can start anywhere.
/// </summary>
internal sealed class LinearProblem
{
    internal const int Size = 3;
    private static readonly float[] s_truth = [1.5f, -2f, 0.5f, 0.25f];

    internal static ParameterSet Parameters() =>
        new(new NetworkSpec { Kind = NetworkKind.Lstm, InputSize = Size, OutputSize = 1, ControllerSize = Size });

    /// <summary>W, then b.</summary>
    internal static float[] Solution(ParameterSet parameters) => [.. parameters["output.weight"], .. parameters["output.bias"]];

    internal static void AssertSolved(ParameterSet parameters, double tolerance)
    {
        float[] found = Solution(parameters);
        for (int i = 0; i < found.Length; i++)
            Assert.AreEqual(s_truth[i], found[i], tolerance, string.Join(", ", found));
    }

    internal static BatchSource Batches(int seed = 1, long end = long.MaxValue) => first => From(seed, first, end);

    private static IEnumerable<SequenceBatch> From(int seed, long first, long end)
    {
        var batch = new SequenceBatch(Size, 1);
        for (long iteration = first; iteration < end; iteration++)
        {
            Fill(batch, new SeededRandom((ulong)(seed * 1_000_003L + iteration)), iteration);
            yield return batch;
        }
    }

    // Two to four rows of one to three steps; RowIds[0] is the iteration.
    private static void Fill(SequenceBatch batch, SeededRandom random, long iteration)
    {
        batch.Reset(2 + (int)(iteration % 3), 3);
        batch.RowIds[0] = iteration;
        for (int row = 0; row < batch.Rows; row++)
        {
            batch.Lengths[row] = Math.Max(1, 3 - row);
            batch.OutputStarts[row] = 0;
            for (int step = 0; step < batch.Lengths[row]; step++)
            {
                Span<float> input = batch.Input(step, row);
                float target = s_truth[Size];
                for (int i = 0; i < Size; i++)
                {
                    input[i] = (float)random.NextSymmetric(1);
                    target += input[i] * s_truth[i];
                }
                batch.Target(step, row)[0] = target;
            }
        }
    }
}

/// <summary>The engine of a <see cref="LinearProblem"/>. It insists on finite parameters, and can be made to answer with a fault.</summary>
internal sealed class LinearEngine(Func<long, double?>? faultyLoss = null, Func<long, float?>? faultyGradient = null,
    Action? onTrain = null) : IEngine
{
    public Action? CheckAlive { get; set; }

    internal List<double> Losses { get; } = new(100_000);

    private float[] _parameters = [];

    public void Load(ReadOnlySpan<float> parameters)
    {
        foreach (float value in parameters)
            Assert.IsTrue(float.IsFinite(value), "a parameter is not finite");
        if (_parameters.Length != parameters.Length)
            _parameters = new float[parameters.Length];
        parameters.CopyTo(_parameters);
    }

    public double LossAndGradient(SequenceBatch batch, Span<float> gradient)
    {
        onTrain?.Invoke();
        ReadOnlySpan<float> parameters = _parameters;
        gradient.Clear();
        int offset = parameters.Length - 2 * LinearProblem.Size - LinearProblem.Size - 1;
        ReadOnlySpan<float> weights = parameters.Slice(offset, LinearProblem.Size + 1);
        Span<float> slope = gradient.Slice(offset, LinearProblem.Size + 1);
        double loss = 0;
        for (int row = 0; row < batch.Rows; row++)
        {
            for (int step = batch.OutputStarts[row]; step < batch.Lengths[row]; step++)
            {
                Span<float> input = batch.Input(step, row);
                double error = weights[^1] - batch.Target(step, row)[0];
                for (int i = 0; i < input.Length; i++)
                    error += (double)weights[i] * input[i];
                loss += error * error / batch.Rows;
                for (int i = 0; i < input.Length; i++)
                    slope[i] += (float)(2 * error * input[i] / batch.Rows);
                slope[^1] += (float)(2 * error / batch.Rows);
            }
        }
        Losses.Add(loss);
        if (faultyGradient?.Invoke(batch.RowIds[0]) is float fault)
            gradient[offset] = fault;
        return faultyLoss?.Invoke(batch.RowIds[0]) ?? loss;
    }

    public double Loss(SequenceBatch batch) => throw new NotSupportedException();

    public void Score(SequenceBatch batch, Span<float> logits) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}

/// <summary>Keeps what it is told, and can cancel.</summary>
internal sealed class RecordingObserver(int? cancelAfter = null, CancellationTokenSource? stopper = null, int stopAfter = int.MaxValue)
    : ITrainingObserver
{
    private int _checks;

    internal List<TrainingProgress> Reports { get; } = [];

    internal List<string> Warnings { get; } = [];

    internal List<string> Notes { get; } = [];

    public void CheckAlive()
    {
        if (_checks == cancelAfter)
            throw new OperationCanceledException();
        _checks++;
        if (_checks == stopAfter)
            stopper!.Cancel();
    }

    public void Report(TrainingProgress progress) => Reports.Add(progress);

    public void Note(string message) => Notes.Add(message);

    public void Warn(string message) => Warnings.Add(message);
}

/// <summary>A clock that moves when told.</summary>
internal sealed class ManualClock : TimeProvider
{
    internal TimeSpan Now { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;
}
