using TorchSharp.Modules;

namespace ProbML.Flows;

/// <summary>Independent Student-t columns, of unit scale, with learned degrees of freedom ν = 1 + eᵃ: heavy tails.</summary>
/// <remarks>Jaini et al. (2020), §4; Alexanderson &amp; Henter (2020). Begins with the ν given.</remarks>
public sealed class StudentTBase : FlowBase
{
    private readonly Parameter logExcess;

    /// <summary>Makes the distribution.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="degreesOfFreedom">What ν begins as, above 1.</param>
    public StudentTBase(int dimension, double degreesOfFreedom = 10)
        : base(dimension, nameof(StudentTBase))
    {
        if (!(degreesOfFreedom > 1) || !double.IsFinite(degreesOfFreedom))
            throw new ArgumentOutOfRangeException(
                nameof(degreesOfFreedom), $"Degrees of freedom must be above 1, but are {degreesOfFreedom}.");
        logExcess = Initial.Constant(Math.Log(degreesOfFreedom - 1), dimension);
        RegisterComponents();
    }

    internal override FlowValue LogDensity(FlowValue noise)
    {
        var degrees = logExcess.exp().Plus(Scalars.Of(1));
        var half = degrees.Plus(Scalars.Of(1)) * Scalars.Of(0.5);
        var constant = half.lgamma() - (degrees * Scalars.Of(0.5)).lgamma() - (degrees * Scalars.Of(Math.PI)).log() * Scalars.Of(0.5);
        var spread = (noise.Square() / noise.Lift(degrees) + 1).Log();
        return noise.Lift(constant) - noise.Lift(half) * spread;
    }

    internal override NoiseDistribution ToDistribution() =>
        new StudentTNoise([.. Numbers(logExcess).Select(a => 1 + Math.Exp(a))]);
}
