using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>Turns the rows of a buffer into their diagnostics.</summary>
internal sealed class DiagnosticRows
{
    private readonly GlmModel model;
    private readonly FittedRows fitted;
    private readonly double[][] influence;                // of a score on each coefficient, over its standard error at φ = 1
    private readonly double dispersion, deviance, degreesOfFreedom;

    public DiagnosticRows(GlmModel model, bool dfbetas)
    {
        this.model = model;
        fitted = new FittedRows(model);
        dispersion = model.Statistics.Dispersion;
        deviance = model.Statistics.Deviance;
        degreesOfFreedom = model.Statistics.ResidualDegreesOfFreedom - 1;
        influence = dfbetas ? GlmInference.Influence(model) : [];
        if (!dfbetas)
            return;
        var covariance = GlmCoefficientTable.ToOriginal(model.Parts, model.Parts.ModelCovariance, 1);
        for (int j = 0; j < influence.Length; j++)
            TensorPrimitives.Divide(influence[j], Math.Sqrt(covariance[j, j]), influence[j]);
    }

    public GlmRowDiagnostics[] Of(RowBuffer buffer)
    {
        var rows = buffer.Block;
        fitted.Fill(rows, 0, rows.Count);
        var result = new GlmRowDiagnostics[rows.Count];
        for (int i = 0; i < result.Length; i++)
            result[i] = Of(rows, i);
        return result;
    }

    private GlmRowDiagnostics Of(in RowBlock rows, int i)
    {
        double y = rows.Response[i], w = Math.Max(0, rows.Weight(i)), h = fitted.Leverage[i], rest = 1 - h;
        var mean = fitted.Mean[i];
        double residual = model.Family.Residual(y, mean);
        double pearson = w == 0 ? 0 : residual * Math.Sqrt(w / model.Family.UnitVariance(mean));
        double root = w == 0 ? 0 : Math.CopySign(Math.Sqrt(w * model.Family.UnitDeviance(y, mean)), residual);
        double scale = Math.Sqrt(dispersion * rest);
        double without = Math.Sqrt(Math.Max(0, deviance - (h < 1 ? root * root / rest : 0)) / degreesOfFreedom);
        double likelihood = Math.CopySign(Math.Sqrt(root * root + h * pearson * pearson / rest), root);
        return new GlmRowDiagnostics(
            rows.RowNumber(i),
            y,
            w,
            fitted.Eta[i],
            mean.Mean,
            residual,
            residual / mean.Slope,
            pearson,
            root,
            h,
            pearson / scale,
            root / scale,
            model.IsDispersionKnown ? likelihood / Math.Sqrt(dispersion) : likelihood / without,
            pearson / rest * (pearson / rest) * h / (dispersion * model.Statistics.Rank),
            root * Math.Sqrt(h) / (rest * without),
            influence.Length == 0 ? [] : Dfbetas(i, root / (rest * without)));
    }

    private double[] Dfbetas(int i, double residual)
    {
        var z = fitted.Z.AsSpan(i * fitted.Stride, fitted.Width);
        double factor = Math.Sqrt(fitted.WorkingWeight[i]) * residual;
        var changes = new double[influence.Length];
        for (int j = 0; j < changes.Length; j++)
            changes[j] = factor * TensorPrimitives.Dot(z, influence[j]);
        return changes;
    }
}
