using Microsoft.ML.NTM.Model;
namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Where the vectors among the parameters stand, looked up once.</summary>
internal sealed class ParameterOffsets
{
    public ParameterOffsets(NetworkSpec spec, ParameterLayout layout)
    {
        bool learned = spec.Controller == ControllerKind.Lstm && spec.Kind != NetworkKind.Dnc;
        ControllerBias = new int[spec.ControllerLayers];
        Hidden = new int[spec.ControllerLayers];
        Cell = new int[spec.ControllerLayers];
        for (int layer = 0; layer < spec.ControllerLayers; layer++)
        {
            ControllerBias[layer] = layout[ParameterNames.ControllerBias(layer)].Offset;
            Hidden[layer] = learned ? layout[ParameterNames.InitialHidden(layer)].Offset : 0;
            Cell[layer] = learned ? layout[ParameterNames.InitialCell(layer)].Offset : 0;
        }
        Embedding = spec.EmbeddingSize > 0 ? layout[ParameterNames.Embedding].Offset : 0;
        HeadsBias = !spec.HasMemory ? 0
            : layout[spec.Kind == NetworkKind.Dnc ? ParameterNames.InterfaceBias : ParameterNames.HeadBias].Offset;
        OutputBias = layout[ParameterNames.OutputBias].Offset;
    }

    public int[] ControllerBias { get; }

    /// <summary>Where a learned first h stands, per layer.</summary>
    public int[] Hidden { get; }

    public int[] Cell { get; }

    /// <summary>Where the embedding stands: [V, E].</summary>
    public int Embedding { get; }

    public int HeadsBias { get; }

    public int OutputBias { get; }
}
