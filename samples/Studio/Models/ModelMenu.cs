namespace ProbML.Studio;

/// <summary>The models that suit a question and its data, the simplest first.</summary>
internal static class ModelMenu
{
    public static IReadOnlyList<ModelCandidate> For(Setup setup)
    {
        int rows = (int)(setup.Table.Rows * (1 - setup.HeldOut));
        return
        [
            .. setup.Scenario switch
            {
                Scenario.Quantity => NumberModels.Quantities(setup, rows),
                Scenario.Count => NumberModels.Counts(setup, rows),
                Scenario.YesNo => ClassModels.YesNo(setup, rows),
                Scenario.Class => ClassModels.Classes(setup, rows),
                Scenario.Ordered => ClassModels.Grades(setup, rows),
                Scenario.Rare => NetworkModels.Rare(setup, rows),
                Scenario.Hidden => NetworkModels.Hidden(setup, rows),
                _ => throw new InvalidOperationException($"There are no models for {setup.Scenario}."),
            },
        ];
    }
}
