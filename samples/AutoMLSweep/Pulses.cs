using Microsoft.ML.Data;

/// <summary>Twenty noisy steps with a pulse on each of two channels; the label says whose came first.</summary>
internal sealed class Pulses
{
    private const int Steps = 20;

    [VectorType(0, 2)] public float[] Features { get; set; } = [];
    public string Label { get; set; } = "";

    public static Pulses[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, 2 * Steps).Select(_ => 0.2f * random.NextSingle())];
            int first = random.Next(Steps - 1), second = random.Next(first + 1, Steps), channel = random.Next(2);
            features[2 * first + channel] += 1;
            features[2 * second + 1 - channel] += 1;
            return new Pulses { Features = features, Label = channel == 0 ? "left" : "right" };
        })];
    }
}
