using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Engines.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Benchmarks.Peers;

/// <summary>Our engine next to libtorch and ONNX Runtime: whole updates and scores, all in turns, in one table and in history.</summary>
internal static class PeerTable
{
    /// <summary>Who computes, in the table's order.</summary>
    public const string Ours = "ours", Libtorch = "libtorch", Modules = "Torch modules", Onnx = "ONNX Runtime", Ceiling = "ceiling";

    private const int Rounds = 9;

    private static readonly (string Engine, int Threads)[] s_columns =
        [(Ours, 1), (Ours, 2), (Libtorch, 1), (Libtorch, 2), (Modules, 2), (Onnx, 1), (Onnx, 2)];

    /// <summary>Each network with each number of rows; what is measured goes into history at once.</summary>
    public static void Run(IEnumerable<string> names, int[] batches, bool peers)
    {
        var run = BenchmarkRun.Today(out string path);
        if (peers)
            TorchBackend.Require();
        Console.WriteLine($"{run}\n\nmilliseconds; beside ours its share of the product 8 x 120 x 400's rate, and what two threads gain "
            + "of what they gain there\n");
        Console.WriteLine($"| | {string.Join(" | ", s_columns.Select(column => $"{column.Engine}, {column.Threads}"))} | best / ours |");
        Console.WriteLine("| --- |" + string.Concat(Enumerable.Repeat(" --- |", s_columns.Length + 1)));
        foreach (string name in names)
        {
            var workload = Workload.Named(name);
            byte[]? onnx = peers ? OnnxPeer.Export(workload) : null;
            foreach (int rows in batches)
            {
                Measurement[] measured = Measure(workload, rows, onnx);
                foreach (Measurement measurement in measured)
                    run.Keep(measurement);
                foreach (string work in new[] { "update", "score" })
                    Console.WriteLine(Line(workload, rows, work, measured));
                if (peers)
                    run.Write(path);
            }
        }
    }

    // Without a model in ONNX, ours alone.
    private static Measurement[] Measure(Workload workload, int rows, byte[]? onnx)
    {
        SequenceBatch batch = workload.Batch(rows);
        float[] parameters = workload.Parameters();
        var variants = new List<(string Work, string Engine, int Threads, Action Call)>();
        var owned = new Stack<IDisposable>();
        void Add(string engine, int threads, Trainee trainee, Action? before = null)
        {
            owned.Push(trainee);
            variants.Add(("update", engine, threads, before + (() => trainee.Update(batch))));
            variants.Add(("score", engine, threads, before + (() => trainee.Score(batch))));
        }
        foreach (int threads in new[] { 1, 2 })
            Add(Ours, threads, new Trainee(new ManagedEngine(workload.Network, workload.Sequence, threads), workload.Network, parameters));
        if (onnx is not null)
        {
            IEngine modules = new TorchEngine(workload.Network, workload.Sequence, CPU);
            Add(Modules, 2, new Trainee(modules, workload.Network, parameters), () => set_num_threads(2));
            foreach (int threads in new[] { 1, 2 })
            {
                if (workload.Network.Kind == NetworkKind.Lstm)
                {
                    var lstm = new LibtorchLstm(workload.Network, batch);
                    owned.Push(lstm);
                    Action before = () => set_num_threads(threads);
                    variants.Add(("update", Libtorch, threads, before + lstm.Update));
                    variants.Add(("score", Libtorch, threads, before + lstm.Score));
                }
                int outputs = workload.Steps * workload.Network.OutputSize;
                var session = new OnnxPeer(onnx, threads, rows, ByRow(batch), outputs);
                owned.Push(session);
                variants.Add(("score", Onnx, threads, () => session.Score()));
            }
        }
        var pool = new WorkerPool(2);
        owned.Push(pool);
        (Action one, Action two) = GemmCeiling.Products(pool);
        variants.AddRange([("products", Ceiling, 1, one), ("products", Ceiling, 2, two)]);
        Timing[] times = Stopwatches.Compare([.. variants.Select(variant => variant.Call)], Rounds);
        while (owned.TryPop(out IDisposable? last))
            last.Dispose();
        return [.. variants.Zip(times, (variant, time) =>
            new Measurement(workload.Name, rows, variant.Work, variant.Engine, variant.Threads, time))];
    }

    private static string Line(Workload workload, int rows, string work, Measurement[] measured)
    {
        Timing? Of(string engine, int threads) =>
            measured.FirstOrDefault(m => m.Work == work && m.Engine == engine && m.Threads == threads)?.Time;
        double one = Of(Ours, 1)!.Median, two = Of(Ours, 2)!.Median, ceiling = measured[^2].Time.Median / GemmCeiling.Repeats;
        double products = rows * workload.Operations(work == "update") / GemmCeiling.Operations;
        double gain = 2 * measured[^2].Time.Median / measured[^1].Time.Median;
        string Cell((string Engine, int Threads) column) => (Of(column.Engine, column.Threads)?.Median, column) switch
        {
            (null, _) => "",
            ({ } time, (Ours, 1)) => $"{time:G4} ({products * ceiling / time:P0})",
            ({ } time, (Ours, 2)) => $"{time:G4} ({one / time:F2}x of {gain:F2}x)",
            ({ } time, _) => $"{time:G4}",
        };
        Measurement[] others = [.. measured.Where(m => m.Work == work && m.Engine != Ours)];
        string best = others.Length == 0 ? "" : string.Join(", ", new[] { 1, 2 }.Select(threads =>
            others.Where(m => m.Threads == threads).Select(m => m.Time.Median).DefaultIfEmpty(double.NaN).Min() is double least
                && double.IsFinite(least) ? $"{least / (threads == 1 ? one : two):F2}x" : "-"));
        return $"| {workload.Name}, batch {rows}, {work} | {string.Join(" | ", s_columns.Select(Cell))} | {best} |";
    }

    // Inputs of a batch as a data view's rows have them.
    private static float[] ByRow(SequenceBatch batch)
    {
        float[] numbers = new float[batch.Rows * batch.Steps * batch.InputSize];
        for (int row = 0; row < batch.Rows; row++)
        {
            for (int step = 0; step < batch.Steps; step++)
                batch.Input(step, row).CopyTo(numbers.AsSpan((row * batch.Steps + step) * batch.InputSize));
        }
        return numbers;
    }
}
