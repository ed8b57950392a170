using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Model.Foreign;

/// <summary>The memory of a DNC for one row, by the paper's equations, asked by the names that implementations give its parts.</summary>
internal sealed class DncMemoryReference(int slots, int width, int heads)
{
    private readonly double[][] _readWeightings = [.. Enumerable.Range(0, heads).Select(_ => new double[slots])];
    private double[][] _memory = [.. Enumerable.Range(0, slots).Select(_ => Enumerable.Repeat(1e-6, width).ToArray())];
    private double[][] _links = [.. Enumerable.Range(0, slots).Select(_ => new double[slots])];
    private double[] _usage = new double[slots], _precedence = new double[slots], _written = new double[slots];

    /// <summary>All reads side by side.</summary>
    public double[] Reads { get; private set; } = new double[heads * width];

    /// <summary>
    /// One step: <paramref name="part"/> gives raw parameters, <paramref name="order"/> names modes backward, content, forward.
    /// </summary>
    public void Step(Func<string, double[]> part, Func<double[], (double Backward, double Content, double Forward)> order)
    {
        double[] Sigmoids(string name) => [.. part(name).Select(ReferenceMath.Sigmoid)];
        double[] retention = DncReference.Retention(Sigmoids("free_gate"), _readWeightings);
        _usage = DncReference.Usage(_usage, _written, retention);
        double[] content = DncReference.ContentWeighting(_memory, part("write_keys"), ReferenceMath.OnePlus(part("write_strengths")[0]),
            null);
        _written = DncReference.WriteWeighting(Sigmoids("write_gate")[0], Sigmoids("allocation_gate")[0], DncReference.Allocation(_usage),
            content);
        _memory = DncReference.Write(_memory, _written, Sigmoids("erase_vectors"), part("write_vectors"), null);
        _links = DncReference.Link(_links, _written, _precedence);
        _precedence = DncReference.Precedence(_precedence, _written);
        double[][] keys = [.. part("read_keys").Chunk(width)], modes = [.. part("read_mode").Chunk(3).Select(ReferenceMath.Softmax)];
        double[] strengths = part("read_strengths");
        for (int head = 0; head < heads; head++)
        {
            double[] backward = DncReference.Backward(_links, _readWeightings[head]),
                forward = DncReference.Forward(_links, _readWeightings[head]);
            double[] found = DncReference.ContentWeighting(_memory, keys[head], ReferenceMath.OnePlus(strengths[head]), null);
            (double back, double seek, double on) = order(modes[head]);
            _readWeightings[head] = [.. Enumerable.Range(0, slots).Select(i => back * backward[i] + seek * found[i] + on * forward[i])];
        }
        Reads = [.. _readWeightings.SelectMany(weighting => NtmReference.Read(_memory, weighting))];
    }
}
