namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>
/// What reading an untrusted file may cost: 64 MiB and four times its length, all allocations added up; and one clear error.
/// </summary>
internal static class Cost
{
    private const long FreeBytes = 64 << 20;

    /// <summary>
    /// Runs <paramref name="read"/> and fails unless it throws an <typeparamref name="T"/> that costs and says no more than is allowed.
    /// </summary>
    public static T Refusal<T>(long fileBytes, Action read)
        where T : Exception
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        T error = Assert.ThrowsExactly<T>(read);
        AssertBounds(fileBytes, GC.GetAllocatedBytesForCurrentThread() - before);
        for (Exception? each = error; each is not null; each = each.InnerException)
            Assert.IsLessThan(1_000, each.Message.Length, each.Message[..Math.Min(each.Message.Length, 300)]);
        return error;
    }

    public static void AssertBounds(long fileBytes, long allocated) =>
        Assert.IsLessThanOrEqualTo(FreeBytes + 4 * fileBytes, allocated, $"a file of {fileBytes} bytes cost {allocated} bytes");
}
