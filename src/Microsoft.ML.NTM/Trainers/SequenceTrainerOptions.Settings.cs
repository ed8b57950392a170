using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Training;
using Microsoft.ML.NTM.Training.Checkpoints;

namespace Microsoft.ML.NTM;

// What the options say, in the training room's own terms.
public abstract partial class SequenceTrainerOptions
{
    internal TrainingSettings ToTraining(CheckpointStore? checkpoints = null) => new()
    {
        NumberOfIterations = NumberOfIterations,
        LearningRate = LearningRate,
        Schedule = ToSchedule(),
        Optimizer = ToOptimizer(),
        Clip = new GradientClip((float?)GradientClipValue, (float?)GradientClipNorm),
        ReportInterval = ReportInterval,
        TimeBudget = TimeBudget,
        TargetLoss = TargetLoss,
        Validation = new ValidationSettings
        {
            Interval = ValidationInterval,
            Patience = EarlyStoppingPatience ?? TrainingDefaults.EarlyStoppingPatience,
            MinImprovement = MinimumImprovement,
        },
        HalvesOnPlateau = LearningRateDecay == LearningRateDecay.Plateau,
        Checkpoints = checkpoints is null ? null : new CheckpointSettings { Store = checkpoints, Interval = CheckpointInterval },
    };

    internal GradientSettings ToGradients() => new()
    {
        TruncationSteps = TruncationSteps ?? int.MaxValue,
        DropoutRate = (float)DropoutRate,
    };

    /// <summary>Input steps of the longest sequence that iteration <paramref name="iteration"/> trains on.</summary>
    internal int LongestInput(long iteration)
    {
        int most = MaximumInputSteps ?? int.MaxValue;
        return iteration >= CurriculumIterations ? most
            : (int)(CurriculumStartSteps + (most - (long)CurriculumStartSteps) * iteration / CurriculumIterations);
    }

    private LearningRateSchedule ToSchedule()
    {
        LearningRateSchedule decay = LearningRateDecay == LearningRateDecay.Cosine && NumberOfIterations > 0
            ? LearningRateSchedule.Cosine(NumberOfIterations) : LearningRateSchedule.Constant;
        return WarmUpIterations > 0 ? LearningRateSchedule.WarmUp(WarmUpIterations) * decay : decay;
    }

    /// <summary>What keeps the divisor of RMSProp that is not centred away from 0 where nothing is set; null: what all have.</summary>
    private protected virtual double? UncenteredEpsilon => null;

    private OptimizerSettings ToOptimizer() => new()
    {
        Kind = Optimizer,
        Momentum = (float)Momentum,
        Decay = (float)RmsPropDecay,
        Centered = RmsPropCentered,
        Beta1 = (float)AdamBeta1,
        Beta2 = (float)AdamBeta2,
        Epsilon = (float?)(OptimizerEpsilon ?? (Optimizer == OptimizerKind.RmsProp && !RmsPropCentered ? UncenteredEpsilon : null)),
        WeightDecay = (float)(WeightDecay ?? (Optimizer == OptimizerKind.AdamW ? TrainingDefaults.AdamWDecay : 0)),
    };
}
