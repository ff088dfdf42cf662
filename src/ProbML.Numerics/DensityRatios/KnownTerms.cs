namespace ProbML.DensityRatios;

/// <summary>The terms of all rows in memory, from which any fold can be left out.</summary>
internal sealed class KnownTerms
{
    private readonly double[] terms, response, weights;
    private readonly int[] folds;
    private readonly Design source;

    private KnownTerms(Design source, double[] terms, double[] response, double[] weights, int[] folds) =>
        (this.source, this.terms, this.response, this.weights, this.folds) = (source, terms, response, weights, folds);

    /// <summary>Reads the rows of positive weight.</summary>
    public static KnownTerms Read(TermDesign design, RowDealer dealer, TrainingMonitor monitor)
    {
        List<double> terms = [], response = [], weights = [];
        List<int> folds = [];
        design.EachRow(monitor, (phi, y, w) =>
        {
            terms.AddRange(phi);
            response.Add(y);
            weights.Add(w);
        });
        design.Rows.EachRow(monitor, (x, _, _) => folds.Add(dealer.Fold(dealer.Hash(x))));
        return new(design, [.. terms], [.. response], [.. weights], [.. folds]);
    }

    /// <summary>All rows, those of one fold with weight zero; −1: with their own.</summary>
    public MatrixDesign Without(int leftOut) => new(
        terms,
        response,
        source.FeatureNames,
        leftOut < 0 ? weights : [.. weights.Select((w, i) => folds[i] == leftOut ? 0 : w)],
        responseName: source.ResponseName);
}
