namespace ProbML.LinearAlgebra;

/// <summary>A matrix product, cut into blocks that fit the caches and tiles that fit the registers.</summary>
/// <remarks>
/// Goto &amp; van de Geijn (2008), figure 8: a panel of op(B) stays in the first-level cache, a block of op(A) in the
/// second, a block of op(B) in the third. Threads share the blocks of op(A), so each owns rows of C.
/// </remarks>
internal static unsafe class BlockedProduct<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>The most terms that a tile sums before it adds them to C; the result depends on it.</summary>
    public const int Depth = 192;

    private const int BlockRows = 48;
    private const int BlockColumns = 960;

    private static int PanelWidth => Panel.Registers * T.Width;

    /// <summary>Adds a product to its target.</summary>
    public static void Accumulate(Product product, int threads)
    {
        double work = (double)product.Rows * product.Columns * Math.Min(Depth, product.Depth);
        int widest = Math.Min(BlockColumns, RoundUp(product.Columns, PanelWidth));
        int deepest = Math.Min(Depth, product.Depth);
        using var right = new Scratch((long)widest * deepest);
        double* packed = right.Pointer;
        for (int column = 0; column < product.Columns; column += BlockColumns)
        {
            int columns = Math.Min(BlockColumns, product.Columns - column), firstColumn = column;
            int panels = (columns + PanelWidth - 1) / PanelWidth;
            int firstRow = product.LowerOnly ? column / BlockRows * BlockRows : 0;
            int blocks = (product.Rows - firstRow + BlockRows - 1) / BlockRows;
            for (int element = 0; element < product.Depth; element += Depth)
            {
                int depth = Math.Min(Depth, product.Depth - element), first = element;
                Threads.For(work, threads, panels, panel =>
                {
                    int j = panel * PanelWidth;
                    product.Right.Pack<T>(
                        firstColumn + j, Math.Min(PanelWidth, columns - j), first, depth, 1, PanelWidth,
                        packed + ((nint)j * depth));
                });
                Threads.For(work, threads, blocks, block => AddBlock(
                    product, firstRow + (block * BlockRows), firstColumn, columns, first, depth, packed));
            }
        }
    }

    private static int RoundUp(int length, int unit) => (length + unit - 1) / unit * unit;

    private static void AddBlock(
        in Product product, int row, int column, int columns, int element, int depth, double* right)
    {
        int rows = Math.Min(BlockRows, product.Rows - row);
        using var left = new Scratch((long)RoundUp(rows, T.TileRows) * depth);
        for (int i = 0; i < rows; i += T.TileRows)
            product.Left.Pack<T>(
                row + i, Math.Min(T.TileRows, rows - i), element, depth, product.Alpha, T.TileRows,
                left.Pointer + ((nint)i * depth));

        double* tile = stackalloc double[(8 * Panel.Registers * 8) + 8];       // as many as the widest lanes need
        tile = Scratch.Align(tile);
        for (int j = 0; j < columns; j += PanelWidth)
        {
            int width = Math.Min(PanelWidth, columns - j);
            double* b = right + ((nint)j * depth);
            for (int i = 0; i < rows; i += T.TileRows)
            {
                int height = Math.Min(T.TileRows, rows - i);
                int reach = product.LowerOnly ? row + i - (column + j) + 1 : int.MaxValue / 2;
                int wanted = Math.Min(width, reach + height - 1);
                if (wanted <= 0)
                    continue;
                double* a = left.Pointer + ((nint)i * depth);
                double* c = product.Target + ((row + i) * product.TargetStride) + column + j;
                int registers = (wanted + T.Width - 1) / T.Width;
                if (height == T.TileRows && registers * T.Width == wanted && reach >= wanted)
                {
                    Tile.Accumulate<T>(height, registers, a, T.TileRows, b, depth, c, product.TargetStride);
                }
                else
                {
                    new Span<double>(tile, 8 * PanelWidth).Clear();
                    Tile.Accumulate<T>(height, registers, a, T.TileRows, b, depth, tile, PanelWidth);
                    Tile.AddPart<T>(height, wanted, reach, tile, c, product.TargetStride);
                }
            }
        }
    }
}
