using System.Text;

namespace ProbML.Studio;

/// <summary>Finds out how the bytes of a file are text.</summary>
internal static class TextEncoding
{
    /// <summary>By its byte order mark; else UTF-8 if it is valid UTF-8 throughout, else Windows-1252, with a note.</summary>
    /// <exception cref="BadFileException">It is no text.</exception>
    public static (Encoding Encoding, string? Note) Of(string path)
    {
        using var stream = File.OpenRead(path);
        byte[] buffer = new byte[1 << 16];
        int length = stream.ReadAtLeast(buffer, 4, throwOnEndOfStream: false);
        var start = buffer.AsSpan(0, length);
        if (length == 0)
            throw new BadFileException("The file is empty. A first line with the columns' names and rows below it are needed.");
        if (start.StartsWith("PK\u0003\u0004"u8))
            throw new BadFileException("The file is a ZIP archive or an Excel workbook. Save the sheet as CSV and upload that.");
        if (start.StartsWith<byte>([0x1F, 0x8B]))
            throw new BadFileException("The file is compressed (gzip). Unpack it and upload the text.");
        if (start.StartsWith<byte>([0xFF, 0xFE]))
            return (new UnicodeEncoding(false, true, throwOnInvalidBytes: true), null);
        if (start.StartsWith<byte>([0xFE, 0xFF]))
            return (new UnicodeEncoding(true, true, throwOnInvalidBytes: true), null);
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var decoder = strict.GetDecoder();
        char[] characters = new char[buffer.Length + 4];
        bool isUtf8 = true;
        while (length > 0)
        {
            if (buffer.AsSpan(0, length).Contains((byte)0))
                throw new BadFileException("The file holds zero bytes, so it is no text. Upload a CSV or TSV file.");
            try
            {
                if (isUtf8)
                    decoder.GetChars(buffer, 0, length, characters, 0);
            }
            catch (DecoderFallbackException)
            {
                isUtf8 = false;
            }
            length = stream.Read(buffer);
        }
        if (isUtf8)
            return (strict, null);
        return (
            CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
            "The file is not UTF-8; it was read as Windows-1252. If letters with accents look wrong, save it as UTF-8.");
    }
}
