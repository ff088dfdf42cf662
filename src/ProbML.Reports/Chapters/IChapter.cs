using Microsoft.ML;
using ProbML.Reports.Facts;
using ProbML.Reports.Rows;

namespace ProbML.Reports.Chapters;

/// <summary>What a chapter may look at.</summary>
/// <param name="Pipeline">The fitted pipeline.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Rows">What one pass over scored rows has found; null: there are no data.</param>
/// <param name="Scored">The scored rows themselves; null: there are none.</param>
internal sealed record ReportSubject(PipelineFacts Pipeline, ReportOptions Options, ScoredRows? Rows, IDataView? Scored);

/// <summary>Something that can be said of some models: nothing of others.</summary>
internal interface IChapter
{
    IEnumerable<ReportSection> Write(ReportSubject subject);
}
