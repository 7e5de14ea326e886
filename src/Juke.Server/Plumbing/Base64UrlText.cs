using System.Buffers.Text;

namespace Juke.Server.Plumbing;

/// <summary>Base64url that strangers send. The framework's Try… throws on characters outside the alphabet; here no text throws.</summary>
internal static class Base64UrlText
{
    /// <summary>True when the text is base64url for exactly as many bytes as there is room.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, Span<byte> bytes) =>
        Base64Url.IsValid(text, out var length) && length == bytes.Length && Base64Url.TryDecodeFromChars(text, bytes, out length) && length == bytes.Length;
}
