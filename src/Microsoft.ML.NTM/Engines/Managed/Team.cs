using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// Shares what one group of rows does at a step among threads, where groups are too few to occupy them and a step is large: products by
/// their panels, gates by their rows. No number depends on who works it out.
/// </summary>
internal sealed unsafe class Team<V>
    where V : struct, ISimd<V>
{
    // Of one row, whose weights come from the second-level cache, about five microseconds of one core; meeting costs about one.
    private const long LeastOperations = 200_000;

    // So that a thread that comes late leaves work to the others.
    private const int PiecesPerThread = 2;

    // What one row is multiplied by at once.
    private const int PanelsTogether = 4;

    // A multiple of what a tile of a product takes at once.
    private const int LeastLines = 64;

    private readonly WorkerPool _pool;
    private readonly Action<int> _multiply;
    private Product _product;
    private int _pieces, _panels;

    /// <param name="pool">The threads.</param>
    /// <param name="pulse">Asked between steps; null: nobody is.</param>
    public Team(WorkerPool pool, Pulse? pulse = null) => (_pool, _multiply, Pulse) = (pool, MultiplyPiece, pulse ?? new Pulse(0));

    /// <summary>Asked between steps, and between the pieces of long products.</summary>
    public Pulse Pulse { get; }

    /// <summary>Whether threads are free to join in.</summary>
    public bool Active { get; set; }

    /// <summary>C [rows, columns] = (or +=) A [rows, K] B; strides are between rows.</summary>
    public void Multiply(float* a, int aStride, int rows, PackedMatrix b, float* c, int cStride, bool add) =>
        Multiply(new Product(a, aStride, rows, b, c, cStride, add));

    /// <summary>A product.</summary>
    public void Multiply(in Product product)
    {
        int first = 0, rows = product.Rows;
        long operations = 2L * product.B.Rows * product.B.Columns;
        while (rows - first > LeastLines && (rows - first) * operations > Pulse.LongProduct)
        {
            int piece = (int)Math.Clamp(Pulse.LongProduct / (operations * LeastLines), 1, (rows - first - 1) / LeastLines) * LeastLines;
            MultiplyAtOnce(product.OfRows(first, piece));
            Pulse.Beat();
            first += piece;
        }
        MultiplyAtOnce(first == 0 ? product : product.OfRows(first, rows - first));
    }

    private void MultiplyAtOnce(in Product product)
    {
        if (!Active || product.Operations < LeastOperations)
        {
            Gemm.Multiply<V>(product, 0, product.B.Panels);
            return;
        }
        (_product, _panels) = (product, (product.B.Panels + PanelsTogether - 1) / PanelsTogether);
        _pieces = Math.Min(_panels, PiecesPerThread * _pool.Threads);
        _pool.Run(_pieces, _multiply);
    }

    /// <summary>Does <paramref name="work"/> for 0 .. pieces - 1, which have some operations in all.</summary>
    public void Share(int pieces, long operations, Action<int> work) =>
        _pool.Run(pieces, work, shared: Active && operations >= LeastOperations);

    private void MultiplyPiece(int piece)
    {
        Gemm.Multiply<V>(_product, FirstPanel(piece), Math.Min(FirstPanel(piece + 1), _product.B.Panels));
    }

    private int FirstPanel(int piece) => (int)((long)_panels * piece / _pieces) * PanelsTogether;
}
