namespace Microsoft.ML.NTM.Model;

/// <summary>Random matrices whose rows are orthonormal.</summary>
internal static class OrthogonalMatrix
{
    /// <summary>
    /// Fills a square, row-major matrix: random rows made orthonormal one after the other (modified Gram-Schmidt, each row twice, since
    /// once loses orthogonality to rounding). Double arithmetic in a fixed order, so the result is the same everywhere.
    /// </summary>
    /// <param name="values">The matrix: [size, size].</param>
    /// <param name="size">Rows and columns.</param>
    /// <param name="random">Where the rows come from.</param>
    internal static void Fill(Span<float> values, int size, SeededRandom random)
    {
        var rows = new double[size][];
        for (int i = 0; i < size; i++)
        {
            do
            {
                rows[i] = new double[size];
                for (int j = 0; j < size; j++)
                    rows[i][j] = random.NextSymmetric(1);
            }
            while (!Orthonormalize(rows, i));
            for (int j = 0; j < size; j++)
                values[i * size + j] = (float)rows[i][j];
        }
    }

    // False where the row was (nearly) a combination of the rows before it.
    private static bool Orthonormalize(double[][] rows, int index)
    {
        const double SmallestShare = 1e-8;
        double[] row = rows[index];
        if (!Normalize(row, SmallestShare))
            return false;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int other = 0; other < index; other++)
                Subtract(row, rows[other], Dot(row, rows[other]));
            if (!Normalize(row, SmallestShare))
                return false;
        }
        return true;
    }

    private static bool Normalize(double[] row, double smallest)
    {
        double norm = Math.Sqrt(Dot(row, row));
        if (norm < smallest)
            return false;
        for (int j = 0; j < row.Length; j++)
            row[j] /= norm;
        return true;
    }

    private static void Subtract(double[] row, double[] direction, double share)
    {
        for (int j = 0; j < row.Length; j++)
            row[j] -= share * direction[j];
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int j = 0; j < left.Length; j++)
            sum += left[j] * right[j];
        return sum;
    }
}
