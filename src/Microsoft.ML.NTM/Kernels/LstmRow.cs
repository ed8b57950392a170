namespace Microsoft.ML.NTM.Kernels;

/// <summary>Some neighbouring units of an LSTM layer at one step of one row.</summary>
internal unsafe struct LstmRow
{
    /// <summary>Gate i's numbers of the units; those of f, g and o follow at the same distance each.</summary>
    public float* Gates;

    /// <summary>Numbers from one gate to the next: the layer's units, where the gates stand one after another.</summary>
    public nint GateStride;

    /// <summary>How many units.</summary>
    public int Units;

    /// <summary>The largest magnitude of h.</summary>
    public float Clip;

    /// <summary>c before the step.</summary>
    public float* Before;

    /// <summary>c after the step.</summary>
    public float* Cell;

    /// <summary>tanh c, kept for the way back; null: neither it nor the gates are kept.</summary>
    public float* Squashed;

    /// <summary>h.</summary>
    public float* Hidden;
}
