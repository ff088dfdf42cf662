using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML;

namespace Microsoft.ML;

/// <summary>Makes design matrices.</summary>
public static class DesignMatrixCatalog
{
    /// <summary>Gathers columns into a design matrix: R's model.matrix, without the constant column, for main effects.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the column to add, a vector of Double with slot names.</param>
    /// <param name="terms">The columns in order: numbers as they stand, levels as one 0/1 slot for each but the baseline.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no terms, or two have the same column.</exception>
    public static DesignMatrixEstimator DesignMatrix(
        this TransformsCatalog catalog, string outputColumnName, params DesignTerm[] terms)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        return new(CatalogUtils.GetEnvironment(catalog), outputColumnName, terms);
    }
}
