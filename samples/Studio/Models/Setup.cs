using Microsoft.ML;

namespace ProbML.Studio;

/// <summary>What is predicted from what: a user's choices, checked.</summary>
internal sealed record Setup
{
    public required Table Table { get; init; }

    public required Scenario Scenario { get; init; }

    /// <summary>What is predicted: numbers, or levels where classes are; null: nothing is.</summary>
    public required TableColumn? Target { get; init; }

    /// <summary>What it is predicted from, as numbers or levels.</summary>
    public required IReadOnlyList<TableColumn> Features { get; init; }

    /// <summary>The value that counts as yes.</summary>
    public string? Positive { get; init; }

    /// <summary>The classes, in order.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>How long or how many were looked at, for counts; null: as much in each row.</summary>
    public TableColumn? Exposure { get; init; }

    /// <summary>The column whose levels share a random effect; null: none.</summary>
    public TableColumn? Group { get; init; }

    /// <summary>What intervals promise to hold.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>The share of rows that models do not see, to judge them by.</summary>
    public double HeldOut { get; init; } = 0.25;

    /// <summary>The columns of the data view, the target's first.</summary>
    public IReadOnlyList<ViewColumn> Columns =>
    [
        .. Target is null ? [] : new[] { new ViewColumn(Target, Positive) },
        .. Features.Select(feature => new ViewColumn(feature)),
        .. Exposure is null ? [] : new[] { new ViewColumn(Exposure) },
    ];

    /// <summary>The columns that a prediction needs: all but the target.</summary>
    public IReadOnlyList<TableColumn> Inputs => [.. Features, .. Exposure is null ? [] : new[] { Exposure }];

    public IDataView View(int[] rows, CancellationToken stop = default) => new TableView(Columns, rows, stop);

    /// <exception cref="BadFileException">The choices do not go together; the message says what to do.</exception>
    public Setup Check()
    {
        if (Scenario.HasTarget())
        {
            if (Target is null)
                throw new BadFileException("Choose the column to predict.");
            if (Scenario.Problem(Target) is { } problem)
                throw new BadFileException(problem);
        }
        if (Features.Count == 0)
            throw new BadFileException("No column is left to predict from. Use at least one.");
        foreach (var feature in Features)
        {
            if (!feature.IsNumber && feature.Levels.Count > 1000)
            {
                throw new BadFileException($"'{feature.Name}' has {feature.Levels.Count:N0} categories; at most 1,000 are taken. "
                    + "Leave it out.");
            }
        }
        if (Exposure is { } exposure && (!exposure.IsNumber || exposure.Summary.Minimum <= 0))
            throw new BadFileException($"The exposure '{exposure.Name}' must be a number above zero in every row.");
        if (!(Level is >= 0.5 and <= 0.999))
            throw new BadFileException("The intervals' level is between 50 % and 99.9 %.");
        if (!(HeldOut is >= 0.05 and <= 0.5))
            throw new BadFileException("The share of rows held out is between 5 % and 50 %.");
        return this;
    }
}
