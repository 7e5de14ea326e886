using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Juke.Contract;
using Juke.Contract.Wire;

namespace Juke.Server.Juke;

/// <summary>How the Juke dialect writes JSON.</summary>
internal static class JukeDialect
{
    /// <summary>Leaves letters as they are, as the old server did: the answers are JSON for programs, never part of a page.</summary>
    public static JukeJson Json { get; } = new(new JsonSerializerOptions(JukeJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>Serializers of the Juke dialect, generated at build time: snake_case. Use them through <see cref="JukeDialect.Json"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.Strict,
    Converters = [typeof(InstantConverter)],
    MaxDepth = 16)]
[JsonSerializable(typeof(IReadOnlyList<Genre>))]
[JsonSerializable(typeof(CityResults))]
[JsonSerializable(typeof(ArtistResults))]
internal sealed partial class JukeJson : JsonSerializerContext;
