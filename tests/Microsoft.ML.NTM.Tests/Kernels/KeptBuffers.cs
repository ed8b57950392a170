using System.Collections.Concurrent;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Tests.Kernels;

/// <summary>Buffers that live as long as the tests: a pointer alone does not keep what it points to.</summary>
internal static class KeptBuffers
{
    private static readonly ConcurrentBag<PinnedBuffer> s_buffers = [];

    public static PinnedBuffer New(long length)
    {
        var buffer = new PinnedBuffer(length);
        s_buffers.Add(buffer);
        return buffer;
    }
}
