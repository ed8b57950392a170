namespace Planted;

public static class Changed
{
    // As the list has it.
    public static int Kept(int steps) => steps;

    // The list says: length.
    public static int Renamed(int steps) => steps;

    // The list says: 1.
    public static int Defaulted(int steps = 2) => steps;

    // The list says: string, never null.
    public static string? Nullable(int steps) => steps == 0 ? null : "";

    // The list knows nothing of it.
    public static int Added(int steps) => steps;
}
