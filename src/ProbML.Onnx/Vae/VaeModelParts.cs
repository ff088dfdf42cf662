namespace ProbML.Vae;

/// <summary>What a variational autoencoder is made of besides its networks.</summary>
public sealed record VaeModelParts
{
    /// <summary>Which column has which distribution.</summary>
    public required LikelihoodLayout Layout { get; init; }

    /// <summary>The dimensions of z₁, …, z_L, from the data up.</summary>
    public required IReadOnlyList<int> LatentSizes { get; init; }

    /// <summary>The covariance of the posteriors.</summary>
    public PosteriorCovariance Covariance { get; init; }

    /// <summary>The name of the column of latent means.</summary>
    public string OutputColumnName { get; init; } = "Latent";

    /// <summary>The columns beside it.</summary>
    public VaeColumns Columns { get; init; }

    /// <summary>Draws of z for a row where a column needs them.</summary>
    public int Samples { get; init; } = 32;

    /// <summary>The seed of those draws.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How the networks were trained.</summary>
    public required TrainingReceipt Receipt { get; init; }

    /// <summary>The columns as the skin knows them.</summary>
    internal IReadOnlyList<OutputColumn> Outputs
    {
        get
        {
            int size = LatentSizes.Sum();
            var outputs = new List<OutputColumn> { new(OutputColumnName, size) };
            if (Columns.HasFlag(VaeColumns.LatentStandardDeviation))
                outputs.Add(new(nameof(VaeColumns.LatentStandardDeviation), size));
            foreach (var column in new[] { VaeColumns.Elbo, VaeColumns.ReconstructionError, VaeColumns.LogLikelihood })
            {
                if (Columns.HasFlag(column))
                    outputs.Add(new(column.ToString()));
            }
            return outputs;
        }
    }
}
