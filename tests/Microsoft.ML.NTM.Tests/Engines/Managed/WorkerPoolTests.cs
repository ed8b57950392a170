using Microsoft.ML.NTM.Engines.Managed;

namespace Microsoft.ML.NTM.Tests.Engines.Managed;

[TestClass]
public sealed class WorkerPoolTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(7)]
    public void EveryPieceIsDoneOnceInJobsOfEverySizeCloseTogether(int threads)
    {
        using var pool = new WorkerPool(threads);
        int[] done = new int[70];
        for (int job = 0; job < 3_000; job++)
        {
            int count = job % done.Length;
            Array.Clear(done);
            pool.Run(count, piece => Interlocked.Increment(ref done[piece]));
            for (int piece = 0; piece < done.Length; piece++)
                Assert.AreEqual(piece < count ? 1 : 0, done[piece], $"job {job}, piece {piece} of {count}");
        }
    }

    [TestMethod]
    public void TheCallerBeginsAtTheFirstPieceAndTheOtherThreadAtTheLast()
    {
        using var pool = new WorkerPool(2);
        int caller = Environment.CurrentManagedThreadId;
        using var met = new Barrier(2);
        int[] by = new int[8];
        pool.Run(by.Length, piece =>
        {
            by[piece] = Environment.CurrentManagedThreadId;
            // Both have their first piece before either goes on.
            if (piece == 0 || piece == by.Length - 1)
                met.SignalAndWait();
        });
        Assert.AreEqual(caller, by[0]);
        Assert.AreNotEqual(caller, by[^1]);
        // What each of them takes lies side by side.
        Assert.AreEqual(1, Enumerable.Range(1, by.Length - 1).Count(piece => by[piece] != by[piece - 1]));
    }

    [TestMethod]
    public void WhatIsNotSharedIsDoneByTheCallerInOrder()
    {
        using var pool = new WorkerPool(3);
        var done = new List<(int, int)>();
        pool.Run(5, piece => done.Add((piece, Environment.CurrentManagedThreadId)), shared: false);
        CollectionAssert.AreEqual(Enumerable.Range(0, 5).Select(piece => (piece, Environment.CurrentManagedThreadId)).ToArray(), done);
    }

    [TestMethod]
    public void AFaultOfAPieceIsTheCallersAndTheNextJobRuns()
    {
        using var pool = new WorkerPool(2);
        InvalidOperationException fault = Assert.ThrowsExactly<InvalidOperationException>(() =>
            pool.Run(10, piece => throw new ArithmeticException($"{piece}")));
        Assert.IsInstanceOfType<ArithmeticException>(fault.InnerException);
        Assert.ThrowsExactly<OperationCanceledException>(() => pool.Run(10, piece => throw new OperationCanceledException()));
        int sum = 0;
        pool.Run(10, piece => Interlocked.Add(ref sum, piece));
        Assert.AreEqual(45, sum);
    }
}
