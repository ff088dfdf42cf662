namespace ProbML.TwoSample;

/// <summary>The outcome of a test of whether two samples come from one distribution.</summary>
/// <param name="Statistic">How far the samples differ; its scale is the test's own.</param>
/// <param name="PValue">The probability of a statistic as large, were the distributions equal.</param>
public sealed record TwoSampleTestResult(double Statistic, double PValue);
