namespace ProbML.LinearAlgebra;

/// <summary>One sum X'WX in one kind of register.</summary>
/// <remarks>
/// A panel of WX stays in the first-level cache while the rows of X' pass by, read where they lie. Tiles below the
/// diagonal add to the result itself; the others, on the diagonal or in the last rows, are kept whole until the end.
/// </remarks>
internal readonly unsafe ref struct WeightedGramPass<T>
    where T : unmanaged, ILanes<T>
{
    private const int WideStride = 256;           // past it rows share few pages, and reading a copy is faster
    private const int EdgeLength = 8 * Panel.Registers * 8;
    private const int NarrowColumns = 96;

    private readonly int blockRows;
    private readonly int columns;
    private readonly nint stride;
    private readonly double* end;
    private readonly double* left;
    private readonly double* right;
    private readonly double* edges;
    private readonly double* gram;

    private WeightedGramPass(
        int columns, nint stride, double* end, double* left, double* right, double* edges, double* gram)
    {
        blockRows = BlockRows(columns);
        this.columns = columns;
        this.stride = stride;
        this.end = end;
        this.left = left;
        this.right = right;
        this.edges = edges;
        this.gram = gram;
    }

    private static int PanelWidth => Panel.Registers * T.Width;

    /// <summary>The rows of X taken at once: while few, they share the first-level cache with a panel.</summary>
    private static int BlockRows(int columns) => columns <= NarrowColumns ? 64 : 128;

    /// <summary>As <see cref="WeightedGram.Accumulate"/>, for at least one row and one column.</summary>
    public static void Run(double* x, int rows, int columns, nint stride, double* weights, double* gram)
    {
        int edgeCount = CountEdges(columns), blockRows = BlockRows(columns);
        using var left = new Scratch((long)blockRows * (columns + T.TileRows));
        using var right = new Scratch((long)blockRows * PanelWidth);
        using var edges = new Scratch((long)edgeCount * EdgeLength);
        new Span<double>(edges.Pointer, edgeCount * EdgeLength).Clear();

        double* end = x + ((rows - 1) * stride) + columns;
        var pass = new WeightedGramPass<T>(columns, stride, end, left.Pointer, right.Pointer, edges.Pointer, gram);
        for (int row = 0; row < rows; row += blockRows)
            pass.AddBlock(x + (row * stride), Math.Min(blockRows, rows - row), weights + row);
        pass.AddEdges();
    }

    private static int CountEdges(int columns)
    {
        int count = 0;
        for (int j = 0; j < columns; j += PanelWidth)
        {
            for (int i = FirstTile(j); i < columns; i += T.TileRows)
                count += IsEdge(i, j, columns) ? 1 : 0;
        }
        return count;
    }

    /// <summary>The first row of the topmost tile that a panel's columns have below or on the diagonal.</summary>
    private static int FirstTile(int j) => j / T.TileRows * T.TileRows;

    private static int Width(int i, int j, int columns) => Math.Min(PanelWidth, Math.Min(columns, i + T.TileRows) - j);

    private static bool IsEdge(int i, int j, int columns) =>
        i + T.TileRows > columns || j + Width(i, j, columns) > i + 1;

    private void AddBlock(double* x, int depth, double* weights)
    {
        double* last = x + ((depth - 1) * stride);
        for (int i = 0; i < columns; i += T.TileRows)
        {
            if (stride > WideStride || last + i + T.TileRows > end)
                Panel.PackRows<T>(
                    x + i, stride, end, 1, null, depth, Math.Min(T.TileRows, columns - i), T.TileRows, Copy(i));
        }

        double* edge = edges;
        for (int j = 0; j < columns; j += PanelWidth)
        {
            int width = Math.Min(PanelWidth, columns - j);
            Panel.PackRows<T>(x + j, stride, end, 1, weights, depth, width, PanelWidth, right);
            for (int i = FirstTile(j); i < columns; i += T.TileRows)
            {
                bool copied = stride > WideStride || last + i + T.TileRows > end;
                double* a = copied ? Copy(i) : x + i;
                nint aStride = copied ? T.TileRows : stride;
                int rows = Math.Min(T.TileRows, columns - i);
                int registers = (Width(i, j, columns) + T.Width - 1) / T.Width;
                if (IsEdge(i, j, columns))
                {
                    Tile.Accumulate<T>(rows, registers, a, aStride, right, depth, edge, PanelWidth);
                    edge += EdgeLength;
                }
                else
                {
                    Tile.Accumulate<T>(rows, registers, a, aStride, right, depth, Target(i, j), columns);
                }
            }
        }
    }

    private void AddEdges()
    {
        double* edge = edges;
        for (int j = 0; j < columns; j += PanelWidth)
        {
            for (int i = FirstTile(j); i < columns; i += T.TileRows)
            {
                if (!IsEdge(i, j, columns))
                    continue;
                int rows = Math.Min(T.TileRows, columns - i);
                Tile.AddPart<T>(rows, Width(i, j, columns), i - j + 1, edge, Target(i, j), columns);
                edge += EdgeLength;
            }
        }
    }

    private double* Copy(int i) => left + ((nint)i * blockRows);

    private double* Target(int i, int j) => gram + ((nint)i * columns) + j;
}
