using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Numbers that do not move and start at a cache line; rented once for the largest need and reused. New ones are 0.</summary>
internal sealed unsafe class AlignedBuffer
{
    // A cache line, and the longest register.
    private const int Alignment = 64;

    // What a register may read or write behind the last number.
    private const int Slack = 64;

    // Kept for the garbage collector: the pointer is into it.
    private float[] _array = [];
    private float* _pointer;

    /// <summary>The first number.</summary>
    public float* Pointer => _pointer;

    /// <summary>Makes room for <paramref name="length"/> numbers; contents are lost where there was less.</summary>
    public void Require(long length)
    {
        if (_array.Length >= length + Slack + Alignment / sizeof(float))
            return;
        _array = GC.AllocateArray<float>(checked((int)(length + Slack + Alignment / sizeof(float))), pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        _pointer = (float*)((start + Alignment - 1) & -Alignment);
    }
}
