namespace ProbML.LinearAlgebra;

/// <summary>C += α · op(A) · op(B), on row-major matrices: op(A) [m, k], op(B) [k, n], C [m, n].</summary>
internal readonly unsafe struct Product
{
    /// <summary>The rows of C, m.</summary>
    public required int Rows { get; init; }

    /// <summary>The columns of C, n.</summary>
    public required int Columns { get; init; }

    /// <summary>The terms of each sum, k.</summary>
    public required int Depth { get; init; }

    /// <summary>α.</summary>
    public required double Alpha { get; init; }

    /// <summary>The left factor.</summary>
    public required Factor Left { get; init; }

    /// <summary>The right factor.</summary>
    public required Factor Right { get; init; }

    /// <summary>C.</summary>
    public required double* Target { get; init; }

    /// <summary>The distance between the rows of C.</summary>
    public required nint TargetStride { get; init; }

    /// <summary>Whether only i ≥ j is wanted, the rest left as it is.</summary>
    public bool LowerOnly { get; init; }

    /// <summary>Adds the product in the registers that <see cref="Simd.Path"/> names.</summary>
    /// <param name="threads">The most threads to use; the result is the same for any number.</param>
    public void Accumulate(int threads)
    {
        if (Rows == 0 || Columns == 0 || Depth == 0)
            return;
        switch (Simd.Path)
        {
            case SimdPath.Vector512:
                BlockedProduct<Lanes8>.Accumulate(this, threads);
                break;
            case SimdPath.Vector256:
                BlockedProduct<Lanes4>.Accumulate(this, threads);
                break;
            default:
                BlockedProduct<Lanes1>.Accumulate(this, threads);
                break;
        }
    }
}
