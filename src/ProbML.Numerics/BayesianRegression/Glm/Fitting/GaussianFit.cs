namespace ProbML.Fitting;

/// <summary>A normal approximation of the posterior of (b, τ), with its log evidence or the bound on it.</summary>
internal sealed record GaussianFit(double[] Mean, double[] Covariance, double LogEvidence, int Iterations, bool Converged);
