using static Microsoft.ML.NTM.Tests.References.ReferenceMath;

namespace Microsoft.ML.NTM.Tests.References;

/// <summary>A whole DNC for one row: memory [N][M], links [N][N], read weightings [R][N], reads [R][M].</summary>
internal sealed record DncStateReference(double[][] Memory, double[] Usage, double[][] Links, double[] Precedence, double[] WriteWeighting,
    double[][] ReadWeightings, double[][] Reads, ControllerReference Controller)
{
    public static DncStateReference Initial(ReferenceParameters parameters)
    {
        (int slots, int width, int heads) = (parameters.Spec.MemorySlots, parameters.Spec.MemoryWidth, parameters.Spec.NumberOfReadHeads);
        return new(Rows([.. Enumerable.Repeat(1e-6, slots * width)], slots), new double[slots], Rows(new double[slots * slots], slots),
            new double[slots], new double[slots], Rows(new double[heads * slots], heads), Rows(new double[heads * width], heads),
            ControllerReference.Initial(parameters));
    }

    public DncStateReference Step(ReferenceParameters parameters, double[] input)
    {
        NetworkSpec spec = parameters.Spec;
        int heads = spec.NumberOfReadHeads, width = spec.MemoryWidth;
        ControllerReference controller = Controller.Step(parameters, [.. input, .. Reads.SelectMany(read => read)]);
        var raw = new Queue<double>(parameters.Affine("interface", controller.Output));
        double[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => raw.Dequeue())];
        double[][] TakeEach(int count) => [.. Enumerable.Range(0, heads).Select(_ => Take(count))];

        double[][] readKeys = TakeEach(width);
        double[] readStrengths = [.. Take(heads).Select(OnePlus)];
        double[] writeKey = Take(width);
        double writeStrength = OnePlus(Take(1)[0]);
        double[] erase = [.. Take(width).Select(Sigmoid)];
        double[] writeVector = Take(width);
        double[] freeGates = [.. Take(heads).Select(Sigmoid)];
        double allocationGate = Sigmoid(Take(1)[0]), writeGate = Sigmoid(Take(1)[0]);
        double[][] modes = [.. TakeEach(3).Select(Softmax)];
        double[][]? readMasks = spec.MaskedContent ? [.. TakeEach(width).Select(mask => mask.Select(Sigmoid).ToArray())] : null;
        double[]? writeMask = spec.MaskedContent ? [.. Take(width).Select(Sigmoid)] : null;
        double[][]? sharpenings = spec.LinkSharpening ? [.. TakeEach(2).Select(pair => pair.Select(OnePlus).ToArray())] : null;

        double[] retention = DncReference.Retention(freeGates, ReadWeightings);
        double[] usage = DncReference.Usage(Usage, WriteWeighting, retention);
        double[] allocation = DncReference.Allocation(usage);
        double[] writeContent = DncReference.ContentWeighting(Memory, writeKey, writeStrength, writeMask);
        double[] writeWeighting = DncReference.WriteWeighting(writeGate, allocationGate, allocation, writeContent);
        double[][] memory = DncReference.Write(Memory, writeWeighting, erase, writeVector, spec.Deallocation ? retention : null);
        double[][] links = DncReference.Link(Links, writeWeighting, Precedence);
        double[] precedence = DncReference.Precedence(Precedence, writeWeighting);

        var readWeightings = new double[heads][];
        for (int head = 0; head < heads; head++)
        {
            double[] backward = DncReference.Backward(links, ReadWeightings[head]),
                forward = DncReference.Forward(links, ReadWeightings[head]);
            if (sharpenings is not null)
                (backward, forward) = (NtmReference.Sharpen(backward, sharpenings[head][0], spec),
                    NtmReference.Sharpen(forward, sharpenings[head][1], spec));
            double[] content = DncReference.ContentWeighting(memory, readKeys[head], readStrengths[head], readMasks?[head]);
            readWeightings[head] = new double[content.Length];
            for (int i = 0; i < content.Length; i++)
                readWeightings[head][i] = modes[head][0] * backward[i] + modes[head][1] * content[i] + modes[head][2] * forward[i];
        }
        double[][] reads = [.. readWeightings.Select(weighting => NtmReference.Read(memory, weighting))];
        return new(memory, usage, links, precedence, writeWeighting, readWeightings, reads, controller);
    }

    public double[] Output(ReferenceParameters parameters) =>
        parameters.Affine("output", [.. Controller.Output, .. Reads.SelectMany(r => r)]);
}
