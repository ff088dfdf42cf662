namespace ProbML;

/// <summary>A fitter that is made once the classes are known.</summary>
/// <param name="create">Makes it; checks its options whatever the names.</param>
public sealed class ClassFitter<TModel>(Func<IReadOnlyList<string>, IFitter<TModel>> create) : IClassFitter<TModel>
    where TModel : class, IScoringModel<TModel>
{
    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> OutputsFor(int classCount) =>
        create([.. Enumerable.Range(1, classCount).Select(k => $"{k}")]).Outputs;

    /// <inheritdoc/>
    public IFitter<TModel> FitterFor(IReadOnlyList<string> classNames) => create(classNames);
}
