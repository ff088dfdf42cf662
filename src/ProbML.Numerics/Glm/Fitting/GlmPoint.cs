namespace ProbML.Fitting;

/// <summary>Where a fit stands: a model, and the coefficients of z at which its likelihood is asked for.</summary>
/// <param name="Family">The family; for the negative binomial with the θ of this point.</param>
/// <param name="Link">The link.</param>
/// <param name="Transform">The coordinates z.</param>
/// <param name="Coefficients">b, [q].</param>
internal sealed record GlmPoint(IFamily Family, ILinkFunction Link, RowTransform Transform, double[] Coefficients)
{
    /// <summary>θ, where the family is the negative binomial.</summary>
    public double Theta => ((NegativeBinomialFamily)Family).Theta!.Value;

    public void Write(BinaryWriter writer)
    {
        writer.Write(Family.Name);
        writer.Write(Link.Name);
        Transform.Write(writer);
        writer.WriteArray(Coefficients);
    }

    public static GlmPoint Read(BinaryReader reader, int features)
    {
        var (family, link) = (Families.Parse(reader.ReadString()), Links.Parse(reader.ReadString()));
        var transform = RowTransform.Read(reader, features);
        return new(family, link, transform, reader.ReadDoubles(transform.Width, "coefficients"));
    }
}

/// <summary>What the rows' contributions to the information are.</summary>
internal enum Information
{
    /// <summary>w (dμ/dη)² / V(μ): Fisher scoring.</summary>
    Expected,

    /// <summary>−w ∂² ln p / ∂η²: Newton's method; may be negative for a row.</summary>
    Observed,

    /// <summary>As expected, at means near the responses instead of those of the coefficients: a start without coefficients.</summary>
    FromResponses,
}
