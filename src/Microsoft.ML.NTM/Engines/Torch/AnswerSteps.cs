using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>
/// Which steps of which rows of a batch answer, of a window of steps. The network's outputs stand one under another for the steps at which
/// any running row answers; of these lines, the answers are <see cref="Lines"/>.
/// </summary>
internal sealed class AnswerSteps
{
    private readonly bool[] _hasAnswer;
    private readonly int _from;

    /// <summary>Of the steps [from, to).</summary>
    public AnswerSteps(SequenceBatch batch, int from, int to)
    {
        _from = from;
        _hasAnswer = new bool[to - from];
        int line = 0;
        for (int step = from; step < to; step++)
        {
            int running = Running(batch, step);
            for (int row = 0; row < running; row++)
            {
                if (step < batch.OutputStarts[row])
                    continue;
                _hasAnswer[step - from] = true;
                Answers.Add((step, row));
                Lines.Add(line + row);
            }
            if (_hasAnswer[step - from])
                line += running;
        }
    }

    /// <summary>Step and row of every answer (A of them), by step, then by row.</summary>
    public List<(int Step, int Row)> Answers { get; } = [];

    /// <summary>The answers' lines among the outputs: [A].</summary>
    public List<long> Lines { get; } = [];

    /// <summary>Whether a row answers at a step.</summary>
    public bool Any(int step) => _hasAnswer[step - _from];

    /// <summary>How many rows have not ended before a step: they are the first ones.</summary>
    public static int Running(SequenceBatch batch, int step)
    {
        int rows = batch.Rows;
        while (rows > 0 && batch.Lengths[rows - 1] <= step)
            rows--;
        return rows;
    }
}
