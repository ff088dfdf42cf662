namespace ProbML;

/// <summary>An algorithm for K classes: it waits for their names before it waits for data.</summary>
/// <remarks>Responses are class indices, 0 to K − 1, in the order of the names.</remarks>
/// <typeparam name="TModel">The model it fits.</typeparam>
public interface IClassFitter<TModel>
    where TModel : class, IScoringModel<TModel>
{
    /// <summary>The columns of a model of so many classes: the same but for their sizes, whatever K is.</summary>
    /// <remarks>Score, [K], holds the probabilities. A column of K numbers has one for each class in order.</remarks>
    IReadOnlyList<OutputColumn> OutputsFor(int classCount);

    /// <summary>The fitter for these classes.</summary>
    /// <param name="classNames">[K], K ≥ 2.</param>
    /// <exception cref="InvalidOperationException">The options do not suit the classes.</exception>
    IFitter<TModel> FitterFor(IReadOnlyList<string> classNames);
}
