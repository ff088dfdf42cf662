using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Evaluation;

namespace ProbML.DensityRatios;

/// <summary>Cross-validation whose error is that where the model will be used (Sugiyama, Krauledat &amp; Müller 2007).</summary>
public sealed class ImportanceWeightedTests
{
    private readonly MLContext context = new(1);

    /// <summary>
    /// Over many small samples the weighted error averages to the risk on the target of models fitted to as many rows (theorem 1),
    /// within four standard errors; the plain error, to that on the source, is far off.
    /// </summary>
    [Fact]
    public void It_is_unbiased_for_the_risk_under_the_shift()
    {
        const int Repetitions = 30, Rows = 200, Folds = 4;
        const double Noise = 0.3;
        var trainer = context.Regression.Trainers.LinearRegression();
        var target = View(ShiftedRows.Draw(2000, seed: 1000, targetShare: 1, Noise));
        double[] apart = new double[Repetitions], plain = new double[Repetitions];
        for (int k = 0; k < Repetitions; k++)
        {
            var rows = View(ShiftedRows.Draw(Rows, k, targetShare: 0, Noise));
            // A model of one fold's worth of rows less, as those of the folds are.
            var fewer = View(ShiftedRows.Draw(Rows * (Folds - 1) / Folds, 500 + k, targetShare: 0, Noise));
            double risk = context.Regression.Evaluate(trainer.Fit(fewer).Transform(target)).MeanSquaredError;
            apart[k] = Weighted(rows, trainer, "TrueRatio", Folds, k).Value - risk;
            plain[k] = context.Regression.CrossValidate(rows, trainer, Folds).Average(fold => fold.Metrics.MeanSquaredError) - risk;
        }
        var (bias, error) = MeanAndError(apart);
        Assert.True(Math.Abs(bias) < 4 * error, $"{bias} ± {error}");
        var (otherBias, otherError) = MeanAndError(plain);
        Assert.True(Math.Abs(otherBias) > 6 * otherError && Math.Abs(otherBias) > 5 * Math.Abs(bias), $"{otherBias} ± {otherError}");
    }

    [Fact]
    public void Equal_weights_give_the_plain_error_whatever_their_size()
    {
        var rows = ShiftedRows.Draw(300, seed: 3, targetShare: 0);
        rows.ForEach(row => row.TrueRatio = 1);
        var trainer = context.Regression.Trainers.LinearRegression();
        var ones = Weighted(View(rows), trainer, "TrueRatio", 5, 1);
        double sum = 0;
        foreach (var split in context.Data.CrossValidationSplit(View(rows), 5, seed: 1))
        {
            var scored = trainer.Fit(split.TrainSet).Transform(split.TestSet);
            sum += scored.GetColumn<float>("Score").Zip(scored.GetColumn<float>("Label"), (score, y) => Math.Pow((double)y - score, 2)).Sum();
        }
        Assert.Equal(sum / rows.Count, ones.Value, 1e-9);
        rows.ForEach(row => row.TrueRatio = 8);
        var eights = Weighted(View(rows), trainer, "TrueRatio", 5, 1);
        Assert.Equal(ones.Value, eights.Value, 1e-12);
        Assert.Equal(ones.StandardError, eights.StandardError, 1e-12);
    }

    /// <summary>A row of weight zero is not tested, and one of weight two counts twice: against hand-made sums.</summary>
    [Fact]
    public void Weights_count_rows()
    {
        var rows = ShiftedRows.Draw(200, seed: 4, targetShare: 0);
        for (int i = 0; i < rows.Count; i++)
            rows[i].TrueRatio = i % 3;
        var trainer = context.Regression.Trainers.LinearRegression();
        var found = Weighted(View(rows), trainer, "TrueRatio", 2, 7);
        double sum = 0, weight = 0;
        foreach (var split in context.Data.CrossValidationSplit(View(rows), 2, seed: 7))
        {
            var scored = trainer.Fit(split.TrainSet).Transform(split.TestSet);
            foreach (var ((score, y), w) in scored.GetColumn<float>("Score").Zip(scored.GetColumn<float>("Label"))
                .Zip(scored.GetColumn<float>("TrueRatio")))
                (sum, weight) = (sum + w * Math.Pow((double)y - score, 2), weight + w);
        }
        Assert.Equal(sum / weight, found.Value, 1e-9);
    }

    [Fact]
    public void A_classifiers_log_loss_is_weighted_too()
    {
        var rows = ShiftedRows.Draw(3000, seed: 5, targetShare: 0);
        var target = ShiftedRows.Draw(4000, seed: 6, targetShare: 1);
        foreach (var row in rows.Concat(target))
            row.IsTarget = row.Label > 0.1;                // a class that one line in x cannot tell
        var trainer = context.BinaryClassification.Trainers.LogisticRegression(nameof(ShiftedRow.IsTarget));
        var found = context.BinaryClassification.CrossValidateImportanceWeighted(
            View(rows), trainer, labelColumnName: nameof(ShiftedRow.IsTarget), weightColumnName: "TrueRatio", seed: 1);
        double there = Loss(target), here = Loss(rows);
        Assert.Equal(there, found.Value, 4 * found.StandardError);
        Assert.True(Math.Abs(there - here) > 6 * found.StandardError, $"{there}, {here}, {found}");

        double Loss(List<ShiftedRow> some) => context.BinaryClassification
            .Evaluate(trainer.Fit(View(rows)).Transform(View(some)), nameof(ShiftedRow.IsTarget)).LogLoss * Math.Log(2);
    }

    /// <summary>
    /// Real concrete, younger than what the model was fitted to: the weighted error, by an estimated ratio, tells the error there
    /// within its standard errors, and so chooses the weighted fit, which is better there; plain cross-validation chooses the other.
    /// </summary>
    [Fact]
    public void Concrete_of_another_age_is_predicted_as_badly_as_it_says_and_better_with_weights()
    {
        var (source, target, both) = ShiftedRows.Concrete(context, seed: 1);
        var ratio = context.BinaryClassification.Trainers.DensityRatio(new() { Seed = 1 }, nameof(ShiftedRow.IsTarget)).Fit(both);
        var rows = ratio.Transform(source);
        var plain = context.Regression.Trainers.LinearRegression();
        var weighted = context.Regression.Trainers.LinearRegression(exampleWeightColumnName: "Weight");
        var (plainError, weightedError) = (Weighted(rows, plain, "Weight", 10, 1), Weighted(rows, weighted, "Weight", 10, 1));
        double plainThere = There(plain), weightedThere = There(weighted);
        Assert.True(weightedThere < 0.6 * plainThere, $"{weightedThere}, {plainThere}");
        Assert.True(weightedError.Value < 0.7 * plainError.Value, $"{weightedError}, {plainError}");
        Assert.Equal(plainThere, plainError.Value, 3 * plainError.StandardError);
        Assert.Equal(weightedThere, weightedError.Value, 3 * weightedError.StandardError);
        Assert.True(Here(plain) < Here(weighted));

        double Here(IEstimator<ITransformer> trainer) =>
            context.Regression.CrossValidate(rows, trainer, 10).Average(fold => fold.Metrics.MeanSquaredError);

        double There(IEstimator<ITransformer> trainer) =>
            context.Regression.Evaluate(trainer.Fit(rows).Transform(ratio.Transform(target))).MeanSquaredError;
    }

    [Fact]
    public void Mistakes_are_named()
    {
        var rows = ShiftedRows.Draw(60, seed: 8, targetShare: 0);
        var trainer = context.Regression.Trainers.LinearRegression();
        Refused("'Absent'", () => Weighted(View(rows), trainer, "Absent", 2, 1));
        Refused("'Group'", () => Weighted(View(rows), trainer, "Group", 2, 1));
        Refused("'Nothing'", () => context.Regression.CrossValidateImportanceWeighted(
            View(rows), trainer, scoreColumnName: "Nothing", weightColumnName: "TrueRatio"));
        rows[17].TrueRatio = -2;
        Refused("-2 in 'TrueRatio'", () => Weighted(View(rows), trainer, "TrueRatio", 2, 1));
        rows.ForEach(row => row.TrueRatio = 0);
        Refused("nothing to average", () => Weighted(View(rows), trainer, "TrueRatio", 2, 1));

        static void Refused(string message, Action action) =>
            Assert.Contains(message, Assert.ThrowsAny<Exception>(action).Message, StringComparison.Ordinal);
    }

    private Estimate Weighted(IDataView rows, IEstimator<ITransformer> trainer, string weight, int folds, int seed) =>
        context.Regression.CrossValidateImportanceWeighted(rows, trainer, folds, weightColumnName: weight, seed: seed);

    private IDataView View(List<ShiftedRow> rows) => context.Data.LoadFromEnumerable(rows);

    private static (double Mean, double Error) MeanAndError(double[] values)
    {
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length));
    }
}
