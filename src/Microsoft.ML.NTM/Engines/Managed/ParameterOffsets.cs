using Microsoft.ML.NTM.Model;
namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Where the vectors among the parameters stand, looked up once.</summary>
internal sealed class ParameterOffsets
{
    public ParameterOffsets(NetworkSpec spec, ParameterLayout layout)
    {
        bool learned = spec.Controller == ControllerKind.Lstm && spec.Kind != NetworkKind.Dnc;
        ControllerBias = new int[spec.DirectedLayers];
        Hidden = new int[spec.DirectedLayers];
        Cell = new int[spec.DirectedLayers];
        for (int directed = 0; directed < spec.DirectedLayers; directed++)
        {
            (int layer, bool reverse) = (spec.LayerOf(directed), spec.IsReverse(directed));
            ControllerBias[directed] = layout[ParameterNames.ControllerBias(layer, reverse)].Offset;
            Hidden[directed] = learned ? layout[ParameterNames.InitialHidden(layer, reverse)].Offset : 0;
            Cell[directed] = learned ? layout[ParameterNames.InitialCell(layer, reverse)].Offset : 0;
        }
        Embedding = spec.EmbeddingSize > 0 ? layout[ParameterNames.Embedding].Offset : 0;
        HeadsBias = !spec.HasMemory ? 0
            : layout[spec.Kind == NetworkKind.Dnc ? ParameterNames.InterfaceBias : ParameterNames.HeadBias].Offset;
        OutputBias = layout[ParameterNames.OutputBias].Offset;
    }

    /// <summary>Per layer, and where it reads both ways per direction.</summary>
    public int[] ControllerBias { get; }

    /// <summary>Where a learned first h stands, as <see cref="ControllerBias"/>.</summary>
    public int[] Hidden { get; }

    public int[] Cell { get; }

    /// <summary>Where the embedding stands: [V, E].</summary>
    public int Embedding { get; }

    public int HeadsBias { get; }

    public int OutputBias { get; }
}
