using ProbML.Optimization;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>An epoch that is one iteration of L-BFGS on all rows.</summary>
internal sealed class LbfgsEpoch : IEpochRule
{
    private const int Pairs = 0, Iterations = 1, Value = 2, HasConverged = 3;

    private readonly LbfgsOptimizer rule;
    private readonly double decay;
    private readonly Tensor position;                        // x, [p]
    private readonly Tensor gradient;                        // ∇f at x, [p]
    private readonly Tensor moves;                           // s of the last pairs, [m, p], the newest first
    private readonly Tensor changes;                         // y of the last pairs, [m, p]
    private readonly Tensor numbers = zeros(4, dtype: ScalarType.Float64).DetachFromDisposeScope();

    public LbfgsEpoch(LbfgsOptimizer rule, double decay, NamedTensors parameters)
    {
        (this.rule, this.decay) = (rule, decay);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        position = Flat(parameters.Values).DetachFromDisposeScope();
        gradient = zeros_like(position).DetachFromDisposeScope();
        moves = zeros(rule.History, position.shape[0], dtype: position.dtype, device: position.device)
            .DetachFromDisposeScope();
        changes = zeros_like(moves).DetachFromDisposeScope();
    }

    public IEnumerable<(string Name, Tensor Value)> State =>
    [
        ("position", position), ("gradient", gradient), ("moves", moves), ("changes", changes), ("numbers", numbers),
    ];

    public bool Converged => Number(HasConverged) == 1;

    public NotFinite? Run(TrainingContext training)
    {
        using var scope = NewDisposeScope();
        training.Begin(training.Step.Number + 1, isTraining: true);
        if (Number(Iterations) == 0)
        {
            var (value, slope, trouble) = Evaluate(training, position);
            if (trouble is not null)
                return trouble;
            gradient.copy_(slope);
            Set(Value, value);
        }
        var direction = Direction();
        double along = Dot(gradient, direction), before = Number(Value);
        Tensor? reached = null;
        double reachedStep = 0;
        LinePoint On(double step)
        {
            using var trial = NewDisposeScope();
            var (value, slope, trouble) = Evaluate(training, Ahead(direction, step));
            reached?.Dispose();
            (reached, reachedStep) = (slope.DetachFromDisposeScope(), step);
            return new(step, trouble is null ? value : double.PositiveInfinity, Dot(slope, direction));
        }
        double first = Number(Pairs) == 0 ? Math.Min(1, 1 / Math.Max(1e-30, SumOfMagnitudes(gradient))) : 1;
        var found = new StrongWolfe(On, new(0, before, along), rule.MaximumEvaluations).Search(first);
        if ((found?.Step ?? 0) != reachedStep)
            On(found?.Step ?? 0);                            // the module and the ledger are to hold the step chosen
        if (found is { } end)
            Accept(training, direction, end, reached!);
        else if (Number(Pairs) > 0)
            Set(Pairs, 0);                                   // the next iteration goes down the gradient itself
        else
            Set(HasConverged, 1);
        reached?.Dispose();
        Set(Iterations, Number(Iterations) + 1);
        double largest = gradient.abs().max().to(ScalarType.Float64).item<double>();
        if (largest <= rule.GradientTolerance
            || (found is { } point && before - point.Value <= rule.Tolerance * Math.Max(1, Math.Abs(point.Value))))
        {
            Set(HasConverged, 1);
        }
        training.Ledger.Sums[LossLedger.GradientNorm] = Math.Sqrt(Dot(gradient, gradient)) * training.Ledger.Rows;
        training.Position = training.Ledger.Rows;
        training.LearningRate = found?.Step ?? 0;
        return null;
    }

    public void Dispose()
    {
        foreach (var (_, value) in State)
            value.Dispose();
    }

    /// <summary>Goes to the end of a step and remembers the pair (s, y) where it is of use.</summary>
    private void Accept(TrainingContext training, Tensor direction, LinePoint end, Tensor slope)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var next = Ahead(direction, end.Step);
        Tensor move = next - position, change = slope - gradient;
        if (Dot(move, change) > 1e-10 * Dot(change, change))
        {
            foreach (var (all, newest) in new[] { (moves, move), (changes, change) })
            {
                if (rule.History > 1)
                    all.narrow(0, 1, rule.History - 1).copy_(all.narrow(0, 0, rule.History - 1).clone());
                all.narrow(0, 0, 1).copy_(newest.unsqueeze(0));
            }
            Set(Pairs, Math.Min(rule.History, Number(Pairs) + 1));
        }
        position.copy_(next);
        gradient.copy_(slope);
        Set(Value, end.Value);
    }

    /// <summary>−H g by the two loops over the pairs. Nocedal and Wright (2006), algorithm 7.4.</summary>
    private Tensor Direction()
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        int pairs = (int)Number(Pairs);
        var q = gradient.neg();
        double[] alpha = new double[pairs], rho = new double[pairs];
        for (int i = 0; i < pairs; i++)
        {
            rho[i] = 1 / Dot(moves[i], changes[i]);
            alpha[i] = rho[i] * Dot(moves[i], q);
            q = Plus(q, changes[i], -alpha[i]);
        }
        if (pairs > 0)
            q = Plus(zeros_like(q), q, Dot(moves[0], changes[0]) / Dot(changes[0], changes[0]));
        for (int i = pairs - 1; i >= 0; i--)
            q = Plus(q, moves[i], alpha[i] - rho[i] * Dot(changes[i], q));
        return q.MoveToOuterDisposeScope();
    }

    /// <summary>The penalised mean loss of all rows and its gradient at a point, with the same random numbers each time.</summary>
    private (double Value, Tensor Gradient, NotFinite? Trouble) Evaluate(TrainingContext training, Tensor point)
    {
        var module = training.Objective.Module;
        var parameters = training.Parameters.Values;
        Place(point, parameters);
        module.train();
        module.zero_grad();
        training.Ledger.Clear();
        training.Step.Random.manual_seed(TrainingSeeds.Derive(training.Seed, TrainingSeeds.Steps));
        using var pass = training.Rows.InOrder();
        NotFinite? trouble = null;
        while (trouble is null)
        {
            training.Monitor.ThrowIfCancelled();
            using var scope = NewDisposeScope();
            if (!pass.TryNext(out var batch))
                break;
            training.Step.Clear();
            long count = batch.Count;
            var loss = training.LossOf(batch);
            trouble = training.Ledger.Add(
                training.Step.Number, count, [.. training.Step.Terms, new(LossLedger.Loss, loss)]);
            using var share = Scalars.New((double)count / training.Rows.Count);
            (loss * share).backward();
        }
        trouble ??= training.Ledger.Flush();
        using var gradients = no_grad();
        // Cloned, since the concatenation of a single tensor is that tensor.
        var slope = cat([.. parameters.Select(one => (one.grad ?? zeros_like(one)).reshape(-1))]).clone();
        double value = training.Ledger.MeanLoss;
        if (decay > 0)
        {
            value += decay / 2 * Dot(point, point);
            slope = Plus(slope, point, decay);
        }
        return (value, slope, trouble);
    }

    private Tensor Ahead(Tensor direction, double step)
    {
        using var gradients = no_grad();
        return Plus(position, direction, step);
    }

    private static void Place(Tensor point, Tensor[] parameters)
    {
        using var gradients = no_grad();
        long start = 0;
        foreach (var parameter in parameters)
        {
            parameter.copy_(point.narrow(0, start, parameter.NumberOfElements).reshape(parameter.shape));
            start += parameter.NumberOfElements;
        }
    }

    private static Tensor Flat(Tensor[] parameters) => cat([.. parameters.Select(one => one.detach().reshape(-1))]).clone();

    private static Tensor Plus(Tensor left, Tensor right, double factor)
    {
        using var scale = Scalars.New(factor);
        return left.add(right, scale);
    }

    private static double Dot(Tensor left, Tensor right)
    {
        using var product = left.to(ScalarType.Float64).dot(right.to(ScalarType.Float64));
        return product.item<double>();
    }

    private static double SumOfMagnitudes(Tensor values) => values.abs().sum(ScalarType.Float64).item<double>();

    private double Number(int index) => numbers.data<double>()[index];

    private void Set(int index, double value) => numbers.data<double>()[index] = value;
}
