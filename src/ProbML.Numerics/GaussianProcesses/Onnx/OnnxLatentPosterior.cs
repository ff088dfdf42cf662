namespace ProbML.GaussianProcesses;

/// <summary>A posterior of a Gaussian process as ONNX operators.</summary>
internal static class OnnxLatentPosterior
{
    /// <summary>The mean and variance of f, and what white noise adds to it, each [n, 1].</summary>
    /// <param name="posterior">The posterior.</param>
    /// <param name="scope">The graph.</param>
    /// <param name="x">The rows as the process sees them, [n, d].</param>
    /// <param name="wantsVariance">Whether variances are wanted; else they are null.</param>
    public static (OnnxReal Mean, OnnxReal? Variance, OnnxReal? White) Emit(
        this LatentPosterior posterior, OnnxScope scope, OnnxReal x, bool wantsVariance)
    {
        var kernels = new OnnxKernel(scope, x, posterior.Inputs);
        int m = posterior.Inputs.Rows;
        var cross = kernels.Cross(posterior.Kernel);
        var mean = cross.Times(scope.Constant([.. posterior.Weights], m, 1)) + posterior.MeanConstant;
        if (!wantsVariance)
            return (mean, null, null);
        var variance = kernels.Diagonal(posterior.Kernel);
        foreach (var term in posterior.Terms)
        {
            var root = scope.Constant(term.ToProduct(), m, term.Rank);
            var product = cross.Times(root);
            if (term.IsIllConditioned)
            {
                // ONNX has no triangular solve; the product with an inverse loses digits that one step of refinement gets back.
                var left = cross - product.Times(scope.Constant(term.LowerTransposed(), m, m));
                product += left.Times(root);
            }
            variance += term.Sign * (product * product).RowSum();
        }
        return (mean, variance.Max(0), kernels.White(posterior.Kernel));
    }
}
