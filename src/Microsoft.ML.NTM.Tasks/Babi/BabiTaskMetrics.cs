namespace Microsoft.ML.NTM;

/// <summary>How many questions of one bAbI task were answered right.</summary>
/// <param name="Task">The task, 1 to 20.</param>
/// <param name="Questions">Questions asked.</param>
/// <param name="Right">Questions with every answer word right.</param>
public readonly record struct BabiTaskMetrics(int Task, int Questions, int Right)
{
    /// <summary>Share of questions answered wrong; 0 without questions.</summary>
    public double ErrorRate => Questions == 0 ? 0 : 1 - (double)Right / Questions;

    /// <summary>Whether more than 5 % of the questions were answered wrong.</summary>
    public bool Failed => Questions - Right > BabiMetrics.FailureThreshold * Questions;
}
