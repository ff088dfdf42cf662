using ProbML.Fitting;

namespace ProbML;

/// <summary>What a fitted generalized linear model consists of, as it is saved.</summary>
internal sealed record GlmModelParts
{
    /// <remarks>2: another dispersion estimator; 3: a sandwich covariance; 4: factors for sparse features.</remarks>
    private const int FormatVersion = 4;

    public required PredictionTask Task { get; init; }

    public required IFamily Family { get; init; }

    public required ILinkFunction Link { get; init; }

    public required GlmOptions Options { get; init; }

    public required string[] FeatureNames { get; init; }

    public required string ResponseName { get; init; }

    /// <summary>The coordinates z of the coefficients and covariances below.</summary>
    public required RowTransform Transform { get; init; }

    /// <summary>b, [q].</summary>
    public required double[] Scaled { get; init; }

    /// <summary>The covariances of a fit to sparse features, in place of the matrices below; null: it is one to dense features.</summary>
    public SparseCovariance? Sparse { get; init; }

    /// <summary>The covariance of b at φ = 1, [q, q]; the sandwich where there is one.</summary>
    /// <exception cref="InvalidOperationException">The features are sparse, and it would be too large.</exception>
    public required double[] Covariance { get => Sparse?.MainMatrix(Transform.Width) ?? field; init; }

    /// <summary>The sandwich that <see cref="Covariance"/> is, and what it replaces; null: it is the model's own.</summary>
    public RobustPart? Robust { get; init; }

    /// <summary>The model's own covariance of b at φ = 1, [q, q]: (Z'WZ)⁻¹.</summary>
    public double[] ModelCovariance => Robust?.ModelCovariance ?? Covariance;

    /// <summary>The same from the observed information where that differs, [q, q], or empty.</summary>
    /// <exception cref="InvalidOperationException">The features are sparse, and it would be too large.</exception>
    public required double[] ObservedCovariance { get => Sparse?.ObservedMatrix() ?? field; init; }

    /// <summary>The covariance of (b, θ) from the observed information, [q + 1, q + 1], or empty.</summary>
    /// <exception cref="InvalidOperationException">The features are sparse, and it would be too large.</exception>
    public required double[] JointCovariance { get => Sparse?.JointMatrix() ?? field; init; }

    /// <summary>Whether the covariance of b is known.</summary>
    public bool HasCovariance => double.IsFinite(Statistics.Dispersion)
        && (Sparse is null ? Covariance.Length > 0 && Array.TrueForAll(Covariance, double.IsFinite) : Sparse.Main is not null);

    /// <summary>Why coefficients are aliased, by their place in [intercept, features].</summary>
    public required Dictionary<int, string> Aliasing { get; init; }

    public required GlmStatistics Statistics { get; init; }

    /// <summary>Whether φ is known, by the family or because the options give it.</summary>
    public bool IsDispersionKnown => !Family.EstimatesDispersion || Options.Dispersion.Value is not null;

    public void Write(BinaryWriter writer)
    {
        writer.Write(FormatVersion);
        writer.Write((int)Task);
        writer.Write(Family.Name);
        writer.Write(Link.Name);
        writer.Write(Options.Intercept);
        writer.Write(Options.L1);
        writer.Write(Options.L2);
        writer.Write(Options.PenaliseIntercept);
        writer.Write(Options.Level);
        Options.Dispersion.Write(writer);
        writer.WriteArray(FeatureNames);
        writer.Write(ResponseName);
        Transform.Write(writer);
        writer.WriteArray(Scaled);
        writer.Write(Sparse is not null);
        if (Sparse is not null)
        {
            Sparse.Write(writer);
        }
        else
        {
            writer.WriteArray(Covariance);
            writer.WriteArray(ObservedCovariance);
            writer.WriteArray(JointCovariance);
        }
        writer.Write(Aliasing.Count);
        foreach (var (place, text) in Aliasing.OrderBy(pair => pair.Key))
        {
            writer.Write(place);
            writer.Write(text);
        }
        WriteStatistics(writer);
        RobustPart.Write(writer, Robust);
    }

    public static GlmModelParts Read(BinaryReader reader)
    {
        int version = reader.ReadVersion(FormatVersion, "GLM");
        var task = (PredictionTask)reader.ReadInt32();
        var family = Families.Parse(reader.ReadString());
        var link = Links.Parse(reader.ReadString());
        var options = new GlmOptions
        {
            Family = family,
            Link = link,
            Intercept = reader.ReadBoolean(),
            L1 = reader.ReadDouble(),
            L2 = reader.ReadDouble(),
            PenaliseIntercept = reader.ReadBoolean(),
            Level = reader.ReadDouble(),
            Dispersion = version > 1 ? GlmDispersion.Read(reader) : GlmDispersion.Pearson,
        };
        string[] names = reader.ReadStringArray("feature names");
        string response = reader.ReadString();
        var transform = RowTransform.Read(reader);
        double[] scaled = reader.ReadDoubleArray("coefficients"), covariance = [], observed = [], joint = [];
        var sparse = version > 3 && reader.ReadBoolean() ? SparseCovariance.Read(reader, transform) : null;
        if (sparse is null)
        {
            covariance = reader.ReadDoubleArray("covariance");
            observed = reader.ReadDoubleArray("observed covariance");
            joint = reader.ReadDoubleArray("joint covariance");
        }
        int q = transform.Width;
        if (scaled.Length != q || (sparse is null && covariance.Length != q * q) || names.Length != transform.FeatureCount
            || !Enum.IsDefined(task) || observed.Length != 0 && observed.Length != q * q
            || joint.Length != 0 && joint.Length != (q + 1) * (q + 1))
            throw new FormatException("The GLM's parts do not fit each other: the model is damaged.");
        var aliasing = new Dictionary<int, string>();
        for (int count = reader.ReadCount("aliased columns"); count > 0; count--)
            aliasing[reader.ReadInt32()] = reader.ReadString();
        return new GlmModelParts
        {
            Task = task,
            Family = family,
            Link = link,
            Options = options,
            FeatureNames = names,
            ResponseName = response,
            Transform = transform,
            Scaled = scaled,
            Sparse = sparse,
            Covariance = covariance,
            ObservedCovariance = observed,
            JointCovariance = joint,
            Aliasing = aliasing,
            Statistics = ReadStatistics(reader),
            Robust = version > 2 ? RobustPart.Read(reader, covariance.Length) : null,
        };
    }

    /// <summary>The degrees of freedom of Wald's t.</summary>
    public long WaldDegreesOfFreedom => Robust?.DegreesOfFreedom ?? Statistics.ResidualDegreesOfFreedom;

    /// <summary>The same with a sandwich at φ = 1 for the covariance; null: with the model's own.</summary>
    public GlmModelParts With(RobustPart? robust, double[] covariance) => this with
    {
        Sparse = null,                                    // a sandwich has no factor of its shape
        Covariance = covariance,
        ObservedCovariance = ObservedCovariance,
        JointCovariance = JointCovariance,
        Robust = robust,
    };

    private void WriteStatistics(BinaryWriter writer)
    {
        var s = Statistics;
        writer.Write((int)s.Status);
        writer.Write(s.Iterations);
        writer.Write(s.Rows);
        writer.Write(s.PositiveRows);
        writer.Write(s.SkippedRows);
        writer.Write(s.NullDegreesOfFreedom);
        writer.Write(s.Rank);
        writer.Write(s.ParameterCount ?? -1);
        foreach (double value in (double[])[s.SumOfWeights, s.Dispersion, s.Deviance, s.NullDeviance, s.PearsonChiSquared,
            s.LogLikelihood, s.Objective, s.Theta ?? double.NaN, s.ThetaStandardError ?? double.NaN])
            writer.Write(value);
    }

    private static GlmStatistics ReadStatistics(BinaryReader reader)
    {
        var status = (GlmStatus)reader.ReadInt32();
        int iterations = reader.ReadInt32();
        long rows = reader.ReadInt64(), positive = reader.ReadInt64(), skipped = reader.ReadInt64(), free = reader.ReadInt64();
        int rank = reader.ReadInt32(), count = reader.ReadInt32();
        var v = new double[9];
        for (int i = 0; i < v.Length; i++)
            v[i] = reader.ReadDouble();
        return new GlmStatistics
        {
            Status = status,
            Iterations = iterations,
            Rows = rows,
            PositiveRows = positive,
            SkippedRows = skipped,
            NullDegreesOfFreedom = free,
            Rank = rank,
            ParameterCount = count < 0 ? null : count,
            SumOfWeights = v[0],
            Dispersion = v[1],
            Deviance = v[2],
            NullDeviance = v[3],
            PearsonChiSquared = v[4],
            LogLikelihood = v[5],
            Objective = v[6],
            Theta = double.IsNaN(v[7]) ? null : v[7],
            ThetaStandardError = double.IsNaN(v[8]) ? null : v[8],
        };
    }
}
