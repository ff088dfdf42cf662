using System.Numerics.Tensors;

namespace ProbML.DensityRatios;

/// <summary>Constrained least squares of one width, judged by rows left out, of both samples.</summary>
internal sealed class HeldOutLeastSquares
{
    private readonly int b, folds;
    private readonly (double[] Gram, double[] Mean)[] fitted, held;

    public HeldOutLeastSquares(KernelColumns columns, double bandwidth, KernelRatioOptions options)
    {
        b = columns.Count;
        folds = Math.Min(options.Folds, Math.Min(columns.Numerator, columns.Denominator));
        double[] top = columns.OfNumerator(bandwidth), bottom = columns.OfDenominator(bandwidth);
        var (topFolds, bottomFolds) = (
            KernelColumns.Deal(columns.Numerator, folds, options.Seed), KernelColumns.Deal(columns.Denominator, folds, options.Seed + 1));
        fitted = [.. Enumerable.Range(0, folds).Select(fold => Problem(fold, isHeld: false))];
        held = [.. Enumerable.Range(0, folds).Select(fold => Problem(fold, isHeld: true))];

        (double[] Gram, double[] Mean) Problem(int fold, bool isHeld)
        {
            double[] x = KernelColumns.Part(top, b, topFolds, fold, isHeld), y = KernelColumns.Part(bottom, b, bottomFolds, fold, isHeld);
            double[] gram = KernelColumns.Gram(y, y.Length / b, b);
            if (options.Alpha > 0)
            {
                TensorPrimitives.Multiply(gram, 1 - options.Alpha, gram);
                TensorPrimitives.MultiplyAdd(KernelColumns.Gram(x, x.Length / b, b), options.Alpha, gram, gram);
            }
            return (gram, KernelColumns.Mean(x, x.Length / b, b));
        }
    }

    /// <summary>The least of the objectives over held-out rows, and the penalty that has it.</summary>
    public (double Score, double Penalty) Best(double[] penalties, TrainingMonitor? monitor)
    {
        var thetas = held.Select(_ => new double[b]).ToArray();      // each penalty starts from where the last ended
        return penalties.OrderDescending().Select(penalty => (Score: Score(penalty, thetas, monitor), Penalty: penalty))
            .MinBy(one => one.Score);
    }

    private double Score(double penalty, double[][] thetas, TrainingMonitor? monitor)
    {
        double sum = 0;
        for (int fold = 0; fold < folds; fold++)
        {
            NonNegativeNewton.Minimise(new PenalisedSquares(fitted[fold].Gram, fitted[fold].Mean, penalty), thetas[fold], monitor);
            sum += new PenalisedSquares(held[fold].Gram, held[fold].Mean, penalty: 0).Value(thetas[fold]) / folds;
        }
        return sum;
    }
}
