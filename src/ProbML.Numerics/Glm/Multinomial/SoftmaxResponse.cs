namespace ProbML.Fitting;

/// <summary>ln p(y) = η(y) − ln Σ exp ηₖ, for all classes or, with η = 0 for the first, for those after it.</summary>
internal sealed class SoftmaxResponse(int classes, int predictors) : IVectorResponse
{
    public int Classes => classes;

    public int Predictors => predictors;

    public int Constants => 0;

    public bool IsConcave => true;

    public bool Supports(double y) => y >= 0 && y < classes && y == Math.Floor(y);

    public double Terms(double y, double offset, ReadOnlySpan<double> eta, Span<double> score, Span<double> information)
    {
        int first = classes - predictors, own = (int)y - first;
        double largest = first == 1 ? 0 : double.NegativeInfinity;
        foreach (double e in eta)
            largest = Math.Max(largest, e);
        double sum = first == 1 ? Math.Exp(-largest) : 0;
        for (int a = 0; a < eta.Length; a++)
            sum += score[a] = Math.Exp(eta[a] - largest);
        for (int a = 0, k = 0; a < eta.Length; a++)
        {
            for (int b = 0; b < a; b++, k++)
                information[k] = -(score[a] / sum) * (score[b] / sum);
            information[k++] = score[a] / sum * ((sum - score[a]) / sum);
        }
        for (int a = 0; a < eta.Length; a++)
            score[a] = a == own ? (sum - score[a]) / sum : -score[a] / sum;
        return (own < 0 ? 0 : eta[own]) - largest - Math.Log(sum);
    }
}
