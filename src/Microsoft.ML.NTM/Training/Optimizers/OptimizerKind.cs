namespace Microsoft.ML.NTM;

/// <summary>How gradients change the parameters.</summary>
public enum OptimizerKind
{
    /// <summary>Graves' centred RMSProp with momentum (arXiv:1308.0850, equations 38-45): what the papers trained with.</summary>
    RmsProp,

    /// <summary>Adam (Kingma and Ba, arXiv:1412.6980).</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101); only weight matrices decay.</summary>
    AdamW,

    /// <summary>Gradient descent with momentum.</summary>
    Sgd,
}
