using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Juke.Contract;
using Juke.Contract.Wire;

namespace Juke.Client;

/// <summary>
/// Serializers of the core dialect for a client: what it does not know is ignored, and what it was not given is not sent. Those
/// of the Juke dialect are <see cref="Juke"/>.
/// </summary>
/// <remarks>
/// An answer without a member that the contract promises is no answer: a 200 of somebody else (the page of a hotel's network)
/// must not be taken for tokens that are null. Safe, because a server answers in the version that the client names, or not at all.
/// </remarks>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNameCaseInsensitive = false,
    NumberHandling = JsonNumberHandling.Strict,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(InstantConverter)],
    MaxDepth = 64)]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(AuthResult))]
[JsonSerializable(typeof(TokenPair))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(GoogleSignInRequest))]
[JsonSerializable(typeof(SpotifySignInRequest))]
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
[JsonSerializable(typeof(CompleteResult))]
[JsonSerializable(typeof(SkipRequest))]
[JsonSerializable(typeof(OnboardingState))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(Revoked))]
[JsonSerializable(typeof(UserProfile))]
[JsonSerializable(typeof(UpdateProfileRequest))]
[JsonSerializable(typeof(UpcomingFixtures))]
[JsonSerializable(typeof(Country))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(StoredTokens))]
internal sealed partial class ClientJson : JsonSerializerContext
{
    /// <summary>Answers in the Juke dialect, as strictly.</summary>
    public static JukeJson Juke => field ??= new(new JsonSerializerOptions(JukeJson.Plain.Options) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true });
}

/// <summary>Refusals, whose members come and go with their code.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNameCaseInsensitive = false, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemJson : JsonSerializerContext;
