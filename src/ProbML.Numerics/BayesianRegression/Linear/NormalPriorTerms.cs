namespace ProbML.Fitting;

/// <summary>Normal priors of [intercept, features] as one: mean m₀, precision P, ln |P|; flat ones have no precision.</summary>
internal sealed record NormalPriorTerms(double[] Mean, double[] Precision, double LogDeterminant, bool IsProper)
{
    public static NormalPriorTerms Of(CoefficientPriors priors, IReadOnlyList<string> featureNames, bool intercept)
    {
        string[] names = intercept ? [BayesianCoefficient.Intercept, .. featureNames] : [.. featureNames];
        int q = names.Length;
        double[] mean = new double[q], precision = new double[q * q];
        if (priors.Joint is { } joint)
        {
            int[] places = joint.Places(names);
            for (int i = 0; i < q; i++)
            {
                mean[i] = joint.Mean[places[i]];
                for (int j = 0; j < q; j++)
                    precision[i * q + j] = joint.Precision[places[i] * q + places[j]];
            }
            return new(mean, precision, -joint.LogDeterminant, true);
        }
        double log = 0;
        bool isProper = true;
        var resolved = priors.Resolve(featureNames, intercept);
        for (int i = 0; i < q; i++)
        {
            mean[i] = resolved[i].Location;
            precision[i * q + i] = resolved[i] is NormalPrior normal ? normal.Precision : 0;
            isProper &= resolved[i].IsProper;
            log += resolved[i] is NormalPrior proper ? -2 * Math.Log(proper.StandardDeviation) : double.NaN;
        }
        return new(mean, precision, log, isProper);
    }
}
