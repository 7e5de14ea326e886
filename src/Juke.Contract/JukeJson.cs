using System.Text.Json;
using System.Text.Json.Serialization;
using Juke.Contract.Wire;

namespace Juke.Contract;

/// <summary>
/// Serializers of the Juke dialect (<c>/api/v1</c>): snake_case, non-ASCII not escaped, dates by
/// <see cref="InstantConverter"/>, floats by <see cref="DecimalPointConverter"/>. Use <see cref="Plain"/>, never Default,
/// which knows no encoder.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(InstantConverter), typeof(DecimalPointConverter)])]
[JsonSerializable(typeof(MusicProfile))]
[JsonSerializable(typeof(MusicProfileSave))]
[JsonSerializable(typeof(OnboardingState))]
[JsonSerializable(typeof(SocialLoginRequest))]
[JsonSerializable(typeof(SocialLoginResult))]
[JsonSerializable(typeof(IReadOnlyList<FeaturedGenre>))]
[JsonSerializable(typeof(CityResults))]
[JsonSerializable(typeof(ArtistResults))]
[JsonSerializable(typeof(SpotifyStatus))]
[JsonSerializable(typeof(StreamingToken))]
[JsonSerializable(typeof(FoundProfiles))]
[JsonSerializable(typeof(IReadOnlyList<GlobePoint>))]
[JsonSerializable(typeof(MusicProfilePage))]
[JsonSerializable(typeof(ListedUser))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenResult))]
[JsonSerializable(typeof(RegistrationRequest))]
[JsonSerializable(typeof(Registration))]
[JsonSerializable(typeof(VerificationRequest))]
[JsonSerializable(typeof(Verification))]
[JsonSerializable(typeof(ResendRequest))]
[JsonSerializable(typeof(Said))]
public sealed partial class JukeJson : JsonSerializerContext
{
    // Made at first use: the order in which parts of one class initialise is nobody's to know.
    /// <summary>The serializers as the wire needs them.</summary>
    public static JukeJson Plain => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = PlainJsonEncoder.Instance });
}
