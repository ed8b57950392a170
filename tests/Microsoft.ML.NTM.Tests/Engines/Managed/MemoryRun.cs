using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Tests.Engines.Managed;

/// <summary>
/// A memory of the managed engine without its controller: random head parameters, steps forwards and backwards, then the same steps as
/// scoring does them. What comes out is hashed bit by bit.
/// </summary>
internal sealed unsafe class MemoryRun(NetworkSpec spec, int steps, int rows)
{
    private readonly Random _random = new(steps * 7 + rows);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The first 16 digits of the hash of one width.</summary>
    public static string Hash<V>(NetworkSpec spec, int steps, int rows)
        where V : struct, ISimd<V>
    {
        var run = new MemoryRun(spec, steps, rows);
        run.Run<V>();
        return Convert.ToHexStringLower(run._hash.GetHashAndReset())[..16];
    }

    /// <summary>The same of the C library's functions that the kernels use: where these differ, so does everything.</summary>
    public static string HashOfLibrary()
    {
        var values = new float[3000];
        for (int i = 0; i < 1000; i++)
            (values[3 * i], values[3 * i + 1], values[3 * i + 2]) = (MathF.Exp(-i / 50f), MathF.Tanh(i / 200f), MathF.Pow(i / 999f, 1.7f));
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(values)))[..16];
    }

    /// <summary>
    /// The hash of what the estimates of AVX-512 give, whose last bits are each maker's own; null where the processor has none.
    /// </summary>
    public static string? HashOfReciprocals()
    {
        if (!SimdWidths.Runs(SimdWidth.Avx512))
            return null;
        var values = new float[16_000];
        fixed (float* first = values)
        {
            for (int i = 0; i < values.Length; i += V512.Count)
                V512.Store(first + i, V512.Reciprocal(V512.Broadcast(1f + i / 997f)));
        }
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(values)))[..16];
    }

    private void Run<V>()
        where V : struct, ISimd<V>
    {
        using var flushed = new FlushToZero();
        var layout = new ParameterLayout(spec);
        NtmStart? start = spec.Kind == NetworkKind.Ntm ? new NtmStart(spec, layout) : null;
        MemoryCell cell = start is null ? new DncMemory<V>(spec) : new NtmMemory<V>(spec, start);
        float[] parameters = Uniform(layout.Length, 1), gradient = new float[layout.Length];
        float[] raw = Uniform(steps * rows * (start is null ? spec.InterfaceSize : spec.HeadsSize), 2), heads = [.. raw];
        float[] byReads = Uniform(steps * rows * spec.ReadSize, 1), reads = new float[byReads.Length];
        fixed (float* p = parameters, g = gradient, h = heads, r = reads, by = byReads)
        {
            start?.Load(p);
            cell.Reserve(steps, rows, h, training: true);
            Forward(cell, r);
            Add(reads);
            Backward(cell, by);
            start?.StoreGradients(g);
            Add(heads);
            Add(gradient);

            raw.CopyTo(heads, 0);
            cell.Reserve(steps, rows, h, training: false);
            Forward(cell, r);
            cell.Carry(steps);
            var state = new float[cell.StateLength];
            cell.Save(state);
            Add(reads);
            Add(state);
        }
    }

    private void Forward(MemoryCell cell, float* reads)
    {
        for (int row = 0; row < rows; row++)
            cell.Start(row);
        for (int step = 0; step < steps; step++)
        {
            for (int row = 0; row < rows; row++)
                cell.Forward(step, row, reads + (step * rows + row) * spec.ReadSize);
        }
    }

    private void Backward(MemoryCell cell, float* byReads)
    {
        cell.StartBackward();
        for (int step = steps - 1; step >= 0; step--)
        {
            for (int row = 0; row < rows; row++)
                cell.Backward(step, row, byReads + (step * rows + row) * spec.ReadSize);
        }
        for (int row = 0; row < rows; row++)
            cell.AddStartGradient(row);
    }

    private float[] Uniform(int count, float size) => [.. Enumerable.Range(0, count).Select(_ => (2 * _random.NextSingle() - 1) * size)];

    private void Add(float[] values) => _hash.AppendData(MemoryMarshal.AsBytes<float>(values));
}
