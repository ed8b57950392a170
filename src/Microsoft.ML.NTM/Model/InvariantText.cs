using System.Globalization;

namespace Microsoft.ML.NTM.Model;

/// <summary>
/// While it lives, numbers become text the same way whatever the user's culture: messages are searched for, and read by others.
/// </summary>
internal readonly ref struct InvariantText : IDisposable
{
    private readonly CultureInfo _before;

    public InvariantText()
    {
        _before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    }

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
