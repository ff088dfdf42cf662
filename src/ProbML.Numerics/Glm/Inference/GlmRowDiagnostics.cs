namespace ProbML;

/// <summary>How a model fits one row, and how much the row moves the model; R's names in brackets.</summary>
/// <param name="Row">The row's one-based place in the source.</param>
/// <param name="Response">y.</param>
/// <param name="Weight">The prior weight w; a row of weight zero has weighted residuals and influence zero.</param>
/// <param name="LinearPredictor">η, offset included.</param>
/// <param name="Mean">μ.</param>
/// <param name="ResponseResidual">y − μ.</param>
/// <param name="WorkingResidual">(y − μ) / μ′.</param>
/// <param name="PearsonResidual">(y − μ) √(w / V).</param>
/// <param name="DevianceResidual">sign(y − μ) √(w d).</param>
/// <param name="Leverage">h, the diagonal of the weighted hat matrix (hatvalues).</param>
/// <param name="StandardisedPearson">The Pearson residual over √(φ (1 − h)) (rstandard, type "pearson").</param>
/// <param name="StandardisedDeviance">The deviance residual over √(φ (1 − h)) (rstandard).</param>
/// <param name="Studentised">
/// sign · √(deviance residual² + h · Pearson residual² / (1 − h)), over the φ^½ estimated without the row where the dispersion
/// is estimated: Williams's likelihood residual (rstudent).
/// </param>
/// <param name="CooksDistance">Pearson² h / ((1 − h)² φ p) (cooks.distance).</param>
/// <param name="Dffits">Deviance residual √h / ((1 − h) σ₍ᵢ₎) (dffits).</param>
/// <param name="Dfbetas">
/// What leaving the row out does to each estimated coefficient, in its standard errors, to first order, [p] (dfbetas); empty
/// where not asked for.
/// </param>
public readonly record struct GlmRowDiagnostics(
    long Row,
    double Response,
    double Weight,
    double LinearPredictor,
    double Mean,
    double ResponseResidual,
    double WorkingResidual,
    double PearsonResidual,
    double DevianceResidual,
    double Leverage,
    double StandardisedPearson,
    double StandardisedDeviance,
    double Studentised,
    double CooksDistance,
    double Dffits,
    IReadOnlyList<double> Dfbetas);
