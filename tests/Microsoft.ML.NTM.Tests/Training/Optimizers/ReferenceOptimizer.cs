using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Tests.Training.Optimizers;

/// <summary>The papers' update rules, one parameter at a time, in double.</summary>
internal sealed class ReferenceOptimizer(OptimizerSettings settings, ParameterLayout layout)
{
    private readonly double[] _first = new double[layout.Length];
    private readonly double[] _second = new double[layout.Length];
    private readonly double[] _third = new double[layout.Length];
    private int _steps;

    internal void Step(double[] parameters, float[] gradient, double rate)
    {
        _steps++;
        foreach (ParameterSlice slice in layout.Slices)
        {
            bool isWeight = slice.Name.Split('.')[^1] is "weight" or "weight_ih" or "weight_hh";
            for (int i = slice.Offset; i < slice.Offset + slice.Length; i++)
                parameters[i] = Step(parameters[i], gradient[i], rate, i, isWeight);
        }
    }

    private double Step(double parameter, double gradient, double rate, int i, bool isWeight)
    {
        parameter *= 1 - (isWeight ? rate * settings.WeightDecay : 0);
        switch (settings.Kind)
        {
            case OptimizerKind.RmsProp when !settings.Centered:
                _first[i] = settings.Decay * _first[i] + (1.0 - settings.Decay) * gradient * gradient;
                _third[i] = settings.Momentum * _third[i] - rate * gradient / (Math.Sqrt(_first[i]) + (settings.Epsilon ?? 0.01));
                return parameter + _third[i];
            case OptimizerKind.RmsProp:
                _first[i] = settings.Decay * _first[i] + (1.0 - settings.Decay) * gradient * gradient;
                _second[i] = settings.Decay * _second[i] + (1.0 - settings.Decay) * gradient;
                _third[i] = settings.Momentum * _third[i] - rate * gradient / Math.Sqrt(_first[i] - _second[i] * _second[i] + 1e-4);
                return parameter + _third[i];
            case OptimizerKind.Sgd:
                _first[i] = settings.Momentum * _first[i] + gradient;
                return parameter - rate * _first[i];
            default:
                _first[i] = settings.Beta1 * _first[i] + (1.0 - settings.Beta1) * gradient;
                _second[i] = settings.Beta2 * _second[i] + (1.0 - settings.Beta2) * gradient * gradient;
                double mean = _first[i] / (1 - Math.Pow(settings.Beta1, _steps));
                double square = _second[i] / (1 - Math.Pow(settings.Beta2, _steps));
                return parameter - rate * mean / (Math.Sqrt(square) + 1e-8);
        }
    }
}
