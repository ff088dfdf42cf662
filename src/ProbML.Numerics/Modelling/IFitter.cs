namespace ProbML;

/// <summary>An algorithm waiting for data: immutable, reusable, ignorant of pipelines.</summary>
/// <typeparam name="TModel">The model it fits.</typeparam>
public interface IFitter<TModel>
    where TModel : class, IScoringModel<TModel>
{
    /// <summary>The columns that the fitted model will give, known before fitting: pipelines ask early.</summary>
    IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>Whether a feature may be NaN: not observed. If not, such rows are left out.</summary>
    bool TakesMissingValues => false;

    /// <summary>Fits a model to the rows of a design.</summary>
    /// <exception cref="OperationCanceledException">The monitor says so.</exception>
    /// <exception cref="InvalidOperationException">The data do not allow a fit; the message names column and row.</exception>
    TModel Fit(Design design, TrainingMonitor monitor);
}
