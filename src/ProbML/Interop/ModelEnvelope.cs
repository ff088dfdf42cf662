using System.Numerics;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>What a saved transformer holds beside its model, and how the bytes are framed.</summary>
/// <remarks>
/// Format: model key, assembly's simple name (both in ML.NET's string table), length of the body, its CRC-32C, the
/// body: roles, task, feature type, the classes of a multiclass label, the model. The length is checked before memory
/// is allocated, the checksum before anything is read from it.
/// </remarks>
internal sealed record ModelEnvelope(
    ColumnRoles Roles, PredictionTask Task, bool TakesDoubles, ClassLabels? Classes = null)
{
    public void Write<TModel>(ModelSaveContext ctx, TModel model)
        where TModel : class, IScoringModel<TModel>
    {
        using var body = new MemoryStream();
        using (var writer = new BinaryWriter(body, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Roles.Label);
            writer.Write(Roles.Features);
            WriteOptional(writer, Roles.Weight);
            WriteOptional(writer, Roles.Offset);
            WriteOptional(writer, Roles.Exposure);
            writer.Write((int)Task);
            writer.Write(TakesDoubles);
            Classes?.Write(writer);
            model.Write(writer);
        }
        var bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        var type = ModelType.Of<TModel>();
        ctx.SaveNonEmptyString(type.Key);
        ctx.SaveNonEmptyString(type.Assembly);
        ctx.Writer.Write((long)bytes.Length);
        ctx.Writer.Write(Checksum(bytes));
        ctx.Writer.Write(bytes);
    }

    /// <summary>The roles with the groups of the model, which knows its groups' columns.</summary>
    public static ColumnRoles RolesOf<TModel>(ColumnRoles roles, TModel model) => model is IGroupedModel grouped
        ? roles with { Groups = [.. grouped.Groups.Select(factor => factor.Name)] }
        : roles;

    /// <summary>Reads the framed bytes; the model's type has been read already.</summary>
    public static (ModelEnvelope Envelope, TModel Model) Read<TModel>(IExceptionContext host, BinaryReader framed)
        where TModel : class, IScoringModel<TModel>
    {
        var type = ModelType.Of<TModel>();
        using var reader = new BinaryReader(new MemoryStream(Unframe(host, framed, type)), Encoding.UTF8);
        try
        {
            var roles = new ColumnRoles(
                reader.ReadString(),
                reader.ReadString(),
                ReadOptional(reader),
                ReadOptional(reader),
                ReadOptional(reader));
            var task = (PredictionTask)reader.ReadInt32();
            task.ScoreColumnKind();
            bool takesDoubles = reader.ReadBoolean();
            var classes = task == PredictionTask.MulticlassClassification ? ClassLabels.Read(reader) : null;
            var envelope = new ModelEnvelope(roles, task, takesDoubles, classes);
            var model = TModel.Read(reader);
            envelope = envelope with { Roles = RolesOf(roles, model) };
            long left = reader.BaseStream.Length - reader.BaseStream.Position;
            return left == 0 ? (envelope, model) : throw new FormatException($"{left} bytes were left unread.");
        }
#pragma warning disable CA1031 // a reader may stumble over bad bytes in any way; the innermost message must say whose
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw host.ExceptDecode($"The saved model {type} could not be read: {e.Message}");
        }
    }

    private static byte[] Unframe(IExceptionContext host, BinaryReader reader, ModelType type)
    {
        long left = reader.BaseStream.Length - reader.BaseStream.Position, length = left < 12 ? -1 : reader.ReadInt64();
        uint checksum = left < 12 ? 0 : reader.ReadUInt32();
        if (length < 0 || length > left - 12 || length > Array.MaxLength)
            throw host.ExceptDecode(
                $"The saved model {type} has been cut short or damaged: {left} bytes cannot hold what it announces. "
                + "Copy the file again from where it was saved, or fit the model again.");
        byte[] bytes = reader.ReadBytes((int)length);
        if (bytes.Length != length || Checksum(bytes) != checksum)
            throw host.ExceptDecode(
                $"The saved model {type} has been damaged: its checksum is wrong. "
                + "Copy the file again from where it was saved, or fit the model again.");
        return bytes;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    private static void WriteOptional(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
            writer.Write(text);
    }

    private static string? ReadOptional(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
