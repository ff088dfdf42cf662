using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML;

public sealed partial class ProbabilisticTransformer<TModel>
{
    /// <summary>The model bound to a schema, row by row, as prediction engines use it.</summary>
    private sealed partial class Mapper : MapperBase
    {
        private readonly ProbabilisticTransformer<TModel> transformer;
        private readonly ScoringInputs inputs;
        private readonly uint setId;

        public Mapper(ProbabilisticTransformer<TModel> transformer, DataViewSchema schema)
            : base(transformer.Host, schema, transformer)
        {
            this.transformer = transformer;
            inputs = transformer.Bind(schema);
            setId = schema.GetMaxAnnotationKind(out _, AnnotationUtils.Kinds.ScoreColumnSetId) + 1;
        }

        public override Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null!;
            var columns = transformer.schema.Columns;
            var getters = new Delegate[columns.Count];
            if (!Enumerable.Range(0, columns.Count).Any(activeOutput))
                return getters;

            var block = new ScoringBlock<TModel>(transformer.Model, transformer.schema, inputs, input, activeOutput);
            block.Grow(1);
            long scored = -1;
            int Current()
            {
                if (scored != input.Position)
                {
                    block.Read(0);
                    block.Score(1);
                    scored = input.Position;
                }
                return 0;
            }
            for (int i = 0; i < getters.Length; i++)
                if (activeOutput(i))
                    getters[i] = block.Getter(columns[i], Current);
            return getters;
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() => transformer.schema.Detached(setId);

        protected override Delegate MakeGetter(
            DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer) =>
            throw new NotSupportedException("All getters of a row are made at once.");

        protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            var needed = transformer.Dependencies(inputs, activeOutput).Select(column => column.Index).ToHashSet();
            return needed.Contains;
        }

        protected override void SaveModel(ModelSaveContext ctx) => transformer.SaveModel(ctx);
    }
}
