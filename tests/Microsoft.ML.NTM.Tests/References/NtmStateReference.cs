using static Microsoft.ML.NTM.Tests.References.ReferenceMath;

namespace Microsoft.ML.NTM.Tests.References;

/// <summary>A whole NTM for one row: memory [N][M], reads [R][M], weightings [R or W][N].</summary>
internal sealed record NtmStateReference(double[][] Memory, double[][] Reads, double[][] ReadWeightings, double[][] WriteWeightings,
    ControllerReference Controller)
{
    public static NtmStateReference Initial(ReferenceParameters parameters)
    {
        NetworkSpec spec = parameters.Spec;
        double[] memory = parameters.Has("initial.memory")
            ? parameters["initial.memory"]
            : [.. Enumerable.Repeat(1e-6, spec.MemorySlots * spec.MemoryWidth)];
        double[] reads = [.. parameters["initial.reads"].Select(Math.Tanh)];
        return new(Rows(memory, spec.MemorySlots), Rows(reads, spec.NumberOfReadHeads),
            Weightings("initial.read_weights", spec.NumberOfReadHeads),
            Weightings("initial.write_weights", spec.NumberOfWriteHeads), ControllerReference.Initial(parameters));

        double[][] Weightings(string name, int heads) => parameters.Has(name)
            ? [.. Rows(parameters[name], heads).Select(Softmax)]
            : Rows(new double[heads * spec.MemorySlots], heads);
    }

    public NtmStateReference Step(ReferenceParameters parameters, double[] input)
    {
        NetworkSpec spec = parameters.Spec;
        ControllerReference controller = Controller.Step(parameters, [.. input, .. Reads.SelectMany(read => read)]);
        var raw = new Queue<double>(parameters.Affine("heads", controller.Output));
        double[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => raw.Dequeue())];

        var readWeightings = new double[spec.NumberOfReadHeads][];
        for (int head = 0; head < spec.NumberOfReadHeads; head++)
            readWeightings[head] = Address(spec, Take, ReadWeightings[head]);
        var writes = new (double[] Weighting, double[] Erase, double[] Add)[spec.NumberOfWriteHeads];
        for (int head = 0; head < spec.NumberOfWriteHeads; head++)
        {
            double[] weighting = Address(spec, Take, WriteWeightings[head]);
            double[] erase = spec.WriteRule == MemoryWriteRule.EraseAdd
                ? [.. Take(spec.MemoryWidth).Select(Sigmoid)]
                : [.. Enumerable.Repeat(1.0, spec.MemoryWidth)];
            writes[head] = (weighting, erase, Take(spec.MemoryWidth));
        }
        double[][] reads = [.. readWeightings.Select(weighting => NtmReference.Read(Memory, weighting))];
        return new(NtmReference.Write(Memory, writes), reads, readWeightings, [.. writes.Select(w => w.Weighting)], controller);
    }

    public double[] Output(ReferenceParameters parameters) =>
        parameters.Affine("output", [.. Controller.Output, .. Reads.SelectMany(r => r)]);

    private double[] Address(NetworkSpec spec, Func<int, double[]> take, double[] previous)
    {
        double[] key = take(spec.MemoryWidth);
        if (spec.KeyTanh)
            key = [.. key.Select(Math.Tanh)];
        double strength = Softplus(take(1)[0]), gate = Sigmoid(take(1)[0]);
        double[] shift = Softmax(take(2 * spec.ShiftRange + 1));
        double gamma = OnePlus(take(1)[0]);
        double[] content = NtmReference.ContentWeighting(Memory, key, strength);
        return NtmReference.Sharpen(NtmReference.Shift(NtmReference.Interpolate(content, previous, gate), shift), gamma, spec);
    }
}
