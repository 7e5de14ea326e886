using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Juke.Contract;
using Juke.Contract.Wire;

namespace Juke.Client;

/// <summary>
/// Serializers of the core dialect for a client: what it does not know is ignored, and what it was not given is not sent. Those
/// of the Juke dialect are <see cref="JukeJson"/>.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNameCaseInsensitive = false,
    NumberHandling = JsonNumberHandling.Strict,
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
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(StoredTokens))]
internal sealed partial class ClientJson : JsonSerializerContext;
