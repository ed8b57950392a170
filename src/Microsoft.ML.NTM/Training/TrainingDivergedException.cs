namespace Microsoft.ML.NTM;

/// <summary>Loss or gradient kept being infinite or NaN, at lowered learning rates too. The parameters are the last good ones.</summary>
public sealed class TrainingDivergedException : InvalidOperationException
{
    /// <summary>An exception that says <paramref name="message"/>.</summary>
    public TrainingDivergedException(string message)
        : base(message)
    {
    }
}
