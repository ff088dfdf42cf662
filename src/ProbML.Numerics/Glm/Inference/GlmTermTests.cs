using ProbML.Fitting;
using ProbML.LinearAlgebra;

namespace ProbML;

/// <summary>Tests of whole terms: likelihood ratio and F by fitting without each, score test of what might be added, Wald test.</summary>
public static class GlmTermTests
{
    /// <summary>Fits the model without each term in turn and compares, as R's <c>drop1</c>.</summary>
    /// <remarks>
    /// Each term is tested given all others: type III sums in SAS's words, and type II too where no term is contained in another
    /// (main effects alone). Where the dispersion is estimated the difference of deviances is divided by the full model's Pearson
    /// estimate, as R's <c>anova(reduced, full)</c> does (<c>drop1</c>'s F takes D/(n − p)).
    /// </remarks>
    /// <param name="design">The rows.</param>
    /// <param name="options">The full model.</param>
    /// <param name="task">Regression or two classes.</param>
    /// <param name="terms">The terms; null: those that <see cref="GlmTerm.Of"/> finds.</param>
    /// <param name="monitor">Told of each fit; null: none.</param>
    /// <exception cref="ArgumentException">A term names a feature that the design has not, or the options have a penalty.</exception>
    public static IReadOnlyList<DroppedTerm> DropEach(
        Design design,
        GlmOptions options,
        PredictionTask task = PredictionTask.Regression,
        IReadOnlyList<GlmTerm>? terms = null,
        TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(options);
        if (options.IsPenalised)
            throw new ArgumentException("Penalised fits do not maximise the likelihood: there is no such test.", nameof(options));
        var (full, dropped) = FitEach(design, new GlmFitter(options, task), terms, monitor);
        return [.. dropped.Select(d => new DroppedTerm(d.Term, Compare(d.Term.Name, d.Reduced, full), d.Reduced.Statistics))];
    }

    /// <summary>Fits a multinomial, ordinal or Tobit model without each term in turn and compares, as R's <c>drop1</c>.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="fitter">Fits the full model, and the others.</param>
    /// <param name="terms">The terms; null: those that <see cref="GlmTerm.Of"/> finds.</param>
    /// <param name="monitor">Told of each fit; null: none.</param>
    /// <exception cref="ArgumentException">A term names a feature that the design has not, or the fitter has a penalty.</exception>
    public static IReadOnlyList<DroppedVectorTerm> DropEach<TModel>(
        Design design, IFitter<TModel> fitter, IReadOnlyList<GlmTerm>? terms = null, TrainingMonitor? monitor = null)
        where TModel : VectorGlmModel, IScoringModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(fitter);
        var (full, dropped) = FitEach(design, fitter, terms, monitor);
        return [.. dropped.Select(d => new DroppedVectorTerm(d.Term, Test(d.Term.Name, d.Reduced), d.Reduced.Statistics))];

        GlmTermTest Test(string name, TModel reduced)
        {
            if (reduced.Statistics.ParameterCount == full.Statistics.ParameterCount)
                return GlmTermTest.Of(name, 0, 0, full);
            var test = LikelihoodRatioTest.Compare(reduced, full);
            return GlmTermTest.Of(name, test.DegreesOfFreedom, test.Statistic, full);
        }
    }

    /// <summary>
    /// Rao's score test of adding features to a model, without fitting the larger one: S = u₂ᵀ (A₂₂ − A₂₁ A₁₁⁻¹ A₁₂)⁻¹ u₂ / φ.
    /// </summary>
    /// <remarks>
    /// Rao (1948); R's <c>add1(test = "Rao")</c>. u₂ and A are the score and the expected information of the larger model at the
    /// smaller one's estimates, and φ is the smaller model's dispersion, with which the F test goes. Two passes over the rows.
    /// </remarks>
    /// <param name="design">The rows, with the model's features and those to be added.</param>
    /// <param name="model">The smaller model; it finds its features by name.</param>
    /// <param name="added">The features to be added.</param>
    /// <param name="monitor">Asked for cancellation; null: none.</param>
    /// <exception cref="ArgumentException">A feature is not in the design, or already in the model.</exception>
    /// <exception cref="InvalidOperationException">The design has not the rows of the fit.</exception>
    public static GlmTermTest Score(Design design, GlmModel model, GlmTerm added, TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(model);
        FittedRows.CheckCovariance(model);
        if (model.Options.IsPenalised)
            throw new ArgumentException("Penalised fits do not maximise the likelihood: there is no such test.", nameof(model));
        int[] more = Places(design, added), own = Places(design, new GlmTerm("model", model.FeatureNames));
        if (own.Intersect(more).Any())
            throw new ArgumentException(
                $"'{design.FeatureNames[own.Intersect(more).First()]}' is in the model already.", nameof(added));
        var quiet = monitor ?? TrainingMonitor.None;
        int? threads = model.Options.NumberOfThreads;
        var moments = design.Sum(() => new ResponseMoments(design.FeatureCount, model.Family), quiet, threads);
        GlmInference.CheckRows(moments.PositiveRows, model);
        int first = model.Options.Intercept ? 1 : 0;
        var extra = RowTransform.Standardising(moments, model.Options.Intercept, model.Options.Intercept)
            .Keep([.. more.Select(j => j + first)]);
        var (score, schur, whole) = design.Sum(() => new AddedScore(model, own, extra), quiet, threads).Reduce();
        var independent = new RankRevealingCholesky(schur, score.Length, 1e-11, whole).Kept;
        int df = independent.Count;
        double[] a = new double[df * df], u = new double[df];
        for (int i = 0; i < df; i++)
        {
            u[i] = score[independent[i]];
            for (int j = 0; j <= i; j++)
                a[i * df + j] = schur[independent[i] * score.Length + independent[j]];
        }
        return GlmTermTest.Of(added.Name, df, Quadratic(a, u) / model.Statistics.Dispersion, model);
    }

    /// <summary>Wald's test of Lβ = c: (Lβ̂ − c)ᵀ (L V Lᵀ)⁻¹ (Lβ̂ − c).</summary>
    /// <param name="model">The model.</param>
    /// <param name="hypothesis">L, [k, p], of full row rank, over the estimated (not aliased) coefficients.</param>
    /// <param name="values">c, [k]; null: zeros.</param>
    /// <param name="covariance">V, [p, p], such as a robust one; null: the model's.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or the rows of L depend on each other.</exception>
    public static GlmTermTest Wald(
        GlmModel model, double[,] hypothesis, IReadOnlyList<double>? values = null, double[,]? covariance = null) =>
        WaldOf(model, hypothesis, values, covariance);

    /// <inheritdoc cref="Wald(GlmModel, double[,], IReadOnlyList{double}, double[,])"/>
    public static GlmTermTest Wald(
        VectorGlmModel model, double[,] hypothesis, IReadOnlyList<double>? values = null, double[,]? covariance = null) =>
        WaldOf(model, hypothesis, values, covariance);

    private static GlmTermTest WaldOf(
        IFittedModel model, double[,] hypothesis, IReadOnlyList<double>? values, double[,]? covariance)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(hypothesis);
        double[] beta = [.. model.Coefficients.Where(c => !c.IsAliased).Select(c => c.Estimate)];
        var v = covariance ?? model.Covariance;
        int k = hypothesis.GetLength(0), p = beta.Length;
        if (hypothesis.GetLength(1) != p || v.GetLength(0) != p || v.GetLength(1) != p || (values is not null && values.Count != k))
            throw new ArgumentException(
                $"The hypothesis must be [k, {p}], its values [k] and the covariance [{p}, {p}]: one column for each estimated "
                + "coefficient.", nameof(hypothesis));
        double[] a = new double[k * k], difference = new double[k];
        for (int i = 0; i < k; i++)
        {
            difference[i] = -(values?[i] ?? 0);
            for (int j = 0; j < p; j++)
                difference[i] += hypothesis[i, j] * beta[j];
            for (int l = 0; l <= i; l++)
            {
                for (int s = 0; s < p; s++)
                {
                    for (int t = 0; t < p; t++)
                        a[i * k + l] += hypothesis[i, s] * v[s, t] * hypothesis[l, t];
                }
            }
        }
        return GlmTermTest.Of("linear hypothesis", k, Quadratic(a, difference), model);
    }

    /// <summary>Wald's test that all coefficients of a term are zero; aliased ones are not counted.</summary>
    /// <exception cref="ArgumentException">The model has no such feature.</exception>
    public static GlmTermTest Wald(GlmModel model, GlmTerm term, double[,]? covariance = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(term);
        if (term.Features.FirstOrDefault(f => !model.FeatureNames.Contains(f)) is { } missing)
            throw new ArgumentException($"The model has no feature '{missing}'.", nameof(term));
        var kept = model.Coefficients.Where(c => !c.IsAliased).ToList();
        int[] tested = [.. Enumerable.Range(0, kept.Count).Where(j => term.Features.Contains(kept[j].Name))];
        var hypothesis = new double[tested.Length, kept.Count];
        for (int i = 0; i < tested.Length; i++)
            hypothesis[i, tested[i]] = 1;
        return Wald(model, hypothesis, null, covariance) with { Name = term.Name };
    }

    private static GlmTermTest Compare(string name, GlmModel reduced, GlmModel full)
    {
        if (reduced.Statistics.Rank == full.Statistics.Rank)
            return GlmTermTest.Of(name, 0, 0, full);
        var test = LikelihoodRatioTest.Compare(reduced, full);
        return GlmTermTest.Of(name, test.DegreesOfFreedom, test.Statistic, full);
    }

    private static (TModel Full, List<(GlmTerm Term, TModel Reduced)> Dropped) FitEach<TModel>(
        Design design, IFitter<TModel> fitter, IReadOnlyList<GlmTerm>? terms, TrainingMonitor? monitor)
        where TModel : class, IScoringModel<TModel>
    {
        terms ??= GlmTerm.Of(design.FeatureNames);
        var places = terms.Select(term => Places(design, term)).ToList();
        var quiet = (monitor ?? TrainingMonitor.None) with { Warning = null, Information = null };
        var full = fitter.Fit(design, monitor ?? TrainingMonitor.None);
        var dropped = new List<(GlmTerm, TModel)>();
        for (int k = 0; k < terms.Count; k++)
        {
            int[] kept = [.. Enumerable.Range(0, design.FeatureCount).Except(places[k])];
            dropped.Add((terms[k], fitter.Fit(new FeatureSubset(design, kept), quiet)));
        }
        return (full, dropped);
    }

    private static int[] Places(Design design, GlmTerm term)
    {
        ArgumentNullException.ThrowIfNull(term);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int j = 0; j < design.FeatureCount; j++)
            places.TryAdd(design.FeatureNames[j], j);
        return [.. term.Features.Select(f => places.TryGetValue(f, out int j)
            ? j
            : throw new ArgumentException($"The design has no feature '{f}' (term '{term.Name}').", nameof(term)))];
    }

    /// <summary>uᵀ A⁻¹ u.</summary>
    private static double Quadratic(double[] a, double[] u)
    {
        int k = u.Length;
        if (k == 0)
            return 0;
        double[] x = [.. u];
        if (new RankRevealingCholesky(a, k, 1e-13).Dropped is [int row, ..])
            throw new ArgumentException($"Row {row + 1} of the hypothesis depends on those before it, or has no variance.");
        Cholesky.TryFactor(a, k, k, out _);
        Cholesky.Solve(a, k, k, x);
        return System.Numerics.Tensors.TensorPrimitives.Dot<double>(u, x);
    }
}
