using Microsoft.ML;
using Microsoft.ML.Data;
using Row = ProbML.Tests.DesignMatrixTests.Row;

namespace ProbML.Tests;

/// <summary>What is wrong is said before anything is computed, and in ML.NET's types of exceptions.</summary>
public class DesignMatrixMistakeTests
{
    private readonly MLContext ml = new();

    private IDataView Data => ml.Data.LoadFromEnumerable<Row>([new() { City = "Rome" }, new() { City = "Oslo", Grade = 2 }]);

    [Fact]
    public void A_missing_column() => Refuses("Ag", DesignTerm.Numeric("Ag"));

    [Fact]
    public void Text_as_a_number() => Refuses("DesignTerm.Categorical takes text", DesignTerm.Numeric("City"));

    [Fact]
    public void Reals_as_levels() => Refuses("whole numbers or a key", DesignTerm.Categorical("Small"));

    [Fact]
    public void A_level_that_the_column_cannot_hold() =>
        Refuses("the level 'low'", DesignTerm.Categorical("Grade", ["low", "2"]));

    [Fact]
    public void A_column_in_two_terms() =>
        Refuses("two terms", DesignTerm.Numeric("Age"), DesignTerm.Numeric("Age"));

    [Fact]
    public void No_terms() => Refuses("at least one term");

    [Fact]
    public void A_learned_baseline_that_does_not_occur() =>
        Refuses("'Oslo', 'Rome'", DesignTerm.Categorical("City", baseline: Baseline.Of("Paris")));

    [Fact]
    public void A_baseline_that_is_not_among_the_given_levels()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => DesignTerm.Categorical("City", ["a", "b"], Baseline.Of("c")));
        Assert.Contains("whose levels are 'a', 'b'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Levels_given_twice_or_empty()
    {
        Assert.Throws<ArgumentException>(() => DesignTerm.Categorical("City", ["a", "a"]));
        Assert.Throws<ArgumentException>(() => DesignTerm.Categorical("City", ["a", ""]));
        Assert.Throws<ArgumentException>(() => DesignTerm.Categorical("City", []));
        Assert.Throws<ArgumentException>(() => DesignTerm.Numeric(" "));
    }

    [Fact]
    public void A_categorical_column_without_values()
    {
        var empty = ml.Data.LoadFromEnumerable<Row>([new() { City = "" }]);
        var estimator = ml.Transforms.DesignMatrix("X", DesignTerm.Categorical("City"));
        Assert.Throws<InvalidOperationException>(() => estimator.Fit(empty));
    }

    [Fact]
    public void No_term_with_a_slot()
    {
        var one = ml.Data.LoadFromEnumerable<Row>([new() { City = "Rome" }]);
        var estimator = ml.Transforms.DesignMatrix("X", DesignTerm.Categorical("City"));
        Assert.Throws<InvalidOperationException>(() => estimator.Fit(one));
    }

    [Fact]
    public void Another_type_or_no_column_at_scoring()
    {
        var fitted = ml.Transforms.DesignMatrix("X", DesignTerm.Numeric("Age"), DesignTerm.Categorical("City")).Fit(Data);
        var dropped = ml.Transforms.DropColumns("City").Fit(Data).Transform(Data);
        Assert.Throws<ArgumentOutOfRangeException>(() => fitted.Transform(dropped));
        var vector = ml.Transforms.Concatenate("Age", "Small", "Smaller").Fit(Data).Transform(Data);
        Assert.Throws<ArgumentOutOfRangeException>(() => fitted.Transform(vector));
        var boolean = ml.Transforms.CopyColumns("City", "IsNew").Fit(Data).Transform(Data);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => fitted.Transform(boolean));
        Assert.Contains("the level 'Oslo'", error.Message, StringComparison.Ordinal);
    }

    private void Refuses(string message, params DesignTerm[] terms)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ml.Transforms.DesignMatrix("X", terms).Fit(Data));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        if (terms.Length == 1 && terms[0].Baseline.Level is null && terms[0].Levels is null)
        {
            var chain = ml.Transforms.CopyColumns("Copy", "Age").Append(ml.Transforms.DesignMatrix("X", terms));
            var early = Assert.Throws<ArgumentOutOfRangeException>(() => chain.Fit(Data));     // the shape is checked first
            Assert.Contains(message, early.Message, StringComparison.Ordinal);
        }
    }
}
