namespace Microsoft.ML.NTM.Sweeping;

/// <summary>What the trainers' search attributes leave out, because AutoML knows no conditions and most sweeps are short.</summary>
internal static class FullSpace
{
    /// <summary>
    /// The space with everything else that <paramref name="options"/> has. What does not go together is never drawn together.
    /// </summary>
    public static SweepSpace Extend(SweepSpace space, SequenceTrainerOptions options)
    {
        if (options.GradientClipValue is double clip)
            space = space.Range(nameof(options.GradientClipValue), Math.Min(0.5, clip), Math.Max(50, clip), clip, logarithmic: true);
        if (options is MemoryTrainerOptions memory)
        {
            space = Choice(space, nameof(memory.Controller), memory.Controller)
                .Range(nameof(memory.NumberOfReadHeads), 1, Math.Max(4, memory.NumberOfReadHeads), memory.NumberOfReadHeads);
        }
        if (options is ControllerTrainerOptions controller)
        {
            space = space.Range(nameof(controller.ControllerLayers), 1, Math.Max(3, controller.ControllerLayers),
                controller.ControllerLayers);
            if (options is MemoryTrainerOptions)
                space = space.OnlyWhen(nameof(controller.ControllerLayers), nameof(MemoryTrainerOptions.Controller), ControllerKind.Lstm);
        }
        return options switch
        {
            NtmTrainer.Options ntm => Ntm(space, ntm),
            DncTrainer.Options dnc => Choice(Choice(Choice(space, nameof(dnc.MaskedContent), dnc.MaskedContent),
                nameof(dnc.Deallocation), dnc.Deallocation), nameof(dnc.LinkSharpening), dnc.LinkSharpening),
            LstmTrainer.Options { TruncationSteps: null } lstm => Choice(space, nameof(lstm.Bidirectional), lstm.Bidirectional),
            _ => space,
        };
    }

    private static SweepSpace Ntm(SweepSpace space, NtmTrainer.Options ntm)
    {
        space = space.Range(nameof(ntm.NumberOfWriteHeads), 1, Math.Max(3, ntm.NumberOfWriteHeads), ntm.NumberOfWriteHeads)
            .Range(nameof(ntm.ShiftRange), 1, Math.Max(3, ntm.ShiftRange), ntm.ShiftRange);
        space = Choice(space, nameof(ntm.WriteRule), ntm.WriteRule);
        space = Choice(space, nameof(ntm.KeyTanh), ntm.KeyTanh);
        space = Choice(space, nameof(ntm.InitialMemory), ntm.InitialMemory);
        return Choice(space, nameof(ntm.InitialWeightings), ntm.InitialWeightings);
    }

    private static SweepSpace Choice<T>(SweepSpace space, string name, T start)
        where T : struct
    {
        IEnumerable<object> all = typeof(T).IsEnum ? Enum.GetValues(typeof(T)).Cast<object>() : [false, true];
        return space.With(SweepParameter.Choice(name, [.. all], start));
    }
}
