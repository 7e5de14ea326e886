using System.Text.Json;
using System.Text.Json.Serialization;
using Juke.Contract;
using Juke.Contract.Wire;

namespace Juke.Server.Plumbing;

/// <summary>Serializers of the core dialect, generated at build time: camelCase, unknown and repeated members refused.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    Converters = [typeof(InstantConverter)],
    // custom_data may be 16 deep, and stands two levels down in a completion.
    MaxDepth = 24)]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(AuthResult))]
[JsonSerializable(typeof(TokenPair))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(SpotifySignInRequest))]
[JsonSerializable(typeof(GoogleSignInRequest))]
[JsonSerializable(typeof(RefreshRequest))]
[JsonSerializable(typeof(LogoutRequest))]
[JsonSerializable(typeof(LogoutResult))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(ForgotPasswordRequest))]
[JsonSerializable(typeof(ResetPasswordRequest))]
[JsonSerializable(typeof(EmailTokenRequest))]
[JsonSerializable(typeof(AddEmailRequest))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(UsernameAvailability))]
[JsonSerializable(typeof(CompleteRequest))]
[JsonSerializable(typeof(ProfileAnswers))]
[JsonSerializable(typeof(SkipRequest))]
[JsonSerializable(typeof(OnboardingState))]
[JsonSerializable(typeof(CompleteResult))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(Revoked))]
[JsonSerializable(typeof(UserProfile))]
[JsonSerializable(typeof(UpdateProfileRequest))]
[JsonSerializable(typeof(UpcomingFixtures))]
[JsonSerializable(typeof(Fixture))]
[JsonSerializable(typeof(League))]
[JsonSerializable(typeof(Team))]
[JsonSerializable(typeof(Country))]
[JsonSerializable(typeof(List<Odd>))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
internal sealed partial class CoreJson : JsonSerializerContext;

/// <summary>
/// Texts on the way in: U+0000 and lone surrogates can be stored nowhere, so they are refused where they are read, with
/// the field's name (contract §7).
/// </summary>
internal sealed class StorableStringConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException("Expected a string.");
        string? text;
        try
        {
            text = reader.GetString();
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("The text is not valid Unicode.", e);
        }
        return text is null || Text.IsWellFormed(text) ? text : throw new JsonException("The text contains characters that cannot be stored.");
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
