namespace Microsoft.ML.NTM.Kernels;

/// <summary>A DNC's allocation gate g_a and write gate g_w; or the derivatives by these.</summary>
internal readonly record struct WriteGates(float Allocation, float Write);
