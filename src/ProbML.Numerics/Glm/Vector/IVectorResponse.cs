namespace ProbML.Fitting;

/// <summary>
/// The distribution of a response that several linear predictors, or one and some free constants, decide together.
/// </summary>
/// <remarks>
/// Predictor a is ηₐ = zᵀbₐ for a below <see cref="Predictors"/>, and a constant of its own from there on: Yee's vector
/// generalized linear model with two kinds of constraints. Yee (2015), Vector Generalized Linear and Additive Models,
/// §3.
/// </remarks>
internal interface IVectorResponse
{
    /// <summary>How many predictors are linear in the features.</summary>
    int Predictors { get; }

    /// <summary>How many more are constants: thresholds, ln σ.</summary>
    int Constants { get; }

    /// <summary>Whether ln p is concave in the predictors, so that its information is never indefinite.</summary>
    bool IsConcave { get; }

    /// <summary>Whether a response is one of this distribution's.</summary>
    bool Supports(double y);

    /// <summary>ln p(y) of a row and its derivatives; not finite where the predictors are outside the domain.</summary>
    /// <param name="y">The response.</param>
    /// <param name="offset">The row's offset.</param>
    /// <param name="eta">The predictors, [m].</param>
    /// <param name="score">∂ ln p/∂ηₐ, [m]; comes cleared.</param>
    /// <param name="information">−∂² ln p/∂ηₐ∂η_b for b ≤ a at a(a+1)/2 + b; comes cleared.</param>
    double Terms(double y, double offset, ReadOnlySpan<double> eta, Span<double> score, Span<double> information);
}
