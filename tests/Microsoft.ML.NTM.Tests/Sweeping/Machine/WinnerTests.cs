using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Tests.Sweeping.Machine;

[TestClass]
public sealed class WinnerTests
{
    [TestMethod]
    public void WithoutRepetitionsTheBestTrialWins() => Assert.AreEqual(1, Winner.Of([Run(0, 3), Run(1, 1), Run(2, 2)])!.Number);

    [TestMethod]
    public void WithRepetitionsTheBestOnAverageWinsWithItsBestRun() =>
        Assert.AreEqual(5, Winner.Of([Run(0, 3), Run(1, 1), Run(2, 2), Run(3, 9, of: 1), Run(4, 2.5, of: 2), Run(5, 1.5, of: 2),
            Run(6, 8, of: 1)])!.Number);

    [TestMethod]
    public void ARepetitionThatFailedSpeaksAgainstItsSettings() =>
        Assert.AreEqual(2, Winner.Of([Run(0, 1), Run(1, null, of: 0), Run(2, 2), Run(3, 3, of: 2)])!.Number);

    [TestMethod]
    public void WhatIsNoNumberNeverWins() => Assert.IsNull(Winner.Of([Run(0, double.PositiveInfinity), Run(1, null)]));

    private static TrialRecord Run(int number, double? objective, int? of = null) => new()
    {
        Number = number,
        Point = [],
        RepeatOf = of,
        Status = objective is null ? SweepTrialStatus.Failed : SweepTrialStatus.Completed,
        Objective = objective,
    };
}
