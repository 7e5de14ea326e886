using Juke.Server.Catalogue;
using Juke.Server.Connections;
using Juke.Server.Data;
using Juke.Server.Fixtures;
using Juke.Server.Google;
using Juke.Server.JukeApi;
using Juke.Server.Mail;
using Juke.Server.Onboarding;
using Juke.Server.Passwords;
using Juke.Server.Plumbing;
using Juke.Server.Profiles;
using Juke.Server.Recovery;
using Juke.Server.Sessions;
using Juke.Server.SignUp;
using Juke.Server.Spotify;

namespace Juke.Server;

/// <summary>Every room's services, in one place for the server, its verbs and the tests.</summary>
internal static class Rooms
{
    public static void AddJuke(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new Keys(settings.Secrets));
        services.AddSingleton(provider => Database.Open(settings, provider.GetService<ILoggerFactory>()));
        services.AddSingleton<Limits>();
        services.AddSingleton<Audit>();
        services.AddSingleton<PasswordHashing>();

        services.AddSingleton<AccountCreation>();
        services.AddSingleton<Register>();
        services.AddSingleton<SignInWithProvider>();
        services.AddSingleton<SpotifyRedirects>();
        services.AddSingleton<SpotifyCode>();
        services.AddSingleton<SpotifySignIn>();
        services.AddSingleton<GoogleSignIn>();
        services.AddSingleton<SocialLogin>();
        services.AddSingleton<ConnectSpotify>();
        services.AddSingleton<ReturnTargets>();
        services.AddSingleton<TripCookie>();
        services.AddSingleton<Trips>();
        services.AddSingleton<RegisterPending>();
        services.AddSingleton<VerifyRegistration>();
        services.AddSingleton<ResendRegistration>();

        services.AddSingleton<Credentials>();
        services.AddSingleton<PageCookie>();
        services.AddSingleton<RefreshCookie>();
        services.AddSingleton<Tokens>();
        services.AddSingleton<SignInWithPassword>();
        services.AddSingleton<Refresh>();
        services.AddSingleton<SignOut>();
        services.AddSingleton<Devices>();

        services.AddSingleton<ForgotPassword>();
        services.AddSingleton<ResetPassword>();
        services.AddSingleton<ChangePassword>();
        services.AddSingleton<AddEmail>();
        services.AddSingleton<VerifyEmail>();

        services.AddSingleton<UsernameSuggestion>();
        services.AddSingleton<CheckUsername>();
        services.AddSingleton<Progress>();
        services.AddSingleton<ChooseUsername>();
        services.AddSingleton<Complete>();
        services.AddSingleton<SaveAnswers>();
        services.AddSingleton<CreateMusicProfile>();
        services.AddSingleton<ReadMusicProfile>();
        services.AddSingleton<UserProfiles>();
        services.AddSingleton<UpcomingFixturesList>();
        services.AddSingleton<SpotifyService>();
        services.AddSingleton<GoogleService>();
        services.AddSingleton<TokenSeal>();
        services.AddSingleton<ListConnections>();
        services.AddSingleton<ReadSpotifyStatus>();
        services.AddSingleton<GiveStreamingToken>();
        services.AddSingleton<DisconnectSpotify>();

        services.AddSingleton<MatcherPolicy, ExactPaths>();

        services.AddSingleton<TopArtists>();
        if (settings.Spotify is null) services.AddSingleton<IArtistSearch, NoArtistProvider>();
        else services.AddSingleton<IArtistSearch, SpotifyArtistSearch>();

        services.AddSingleton<MailSignal>();
        services.AddSingleton<MailText>();
        services.AddSingleton(provider => MailTransport.For(settings, provider.GetRequiredService<ILoggerFactory>()));
    }

    /// <summary>The routes of the core dialect.</summary>
    public static void MapCore(this IEndpointRouteBuilder routes)
    {
        Register.Map(routes);
        SignInWithPassword.Map(routes);
        SpotifySignIn.Map(routes);
        GoogleSignIn.Map(routes);
        Refresh.Map(routes);
        SignOut.Map(routes);
        Me.Map(routes);
        Devices.Map(routes);
        ForgotPassword.Map(routes);
        ResetPassword.Map(routes);
        ChangePassword.Map(routes);
        AddEmail.Map(routes);
        VerifyEmail.Map(routes);
        CheckUsername.Map(routes);
        Complete.Map(routes);
        Progress.Map(routes);
        UserProfiles.Map(routes);
        UpcomingFixturesList.Map(routes);
    }

    /// <summary>The routes of the Juke dialect: a second face of the same use cases.</summary>
    public static void MapJuke(this IEndpointRouteBuilder routes)
    {
        JukeApi.Registration.Map(routes);
        TokenSignIn.Map(routes);
        JukeApi.MusicProfiles.Map(routes);
        PeopleRoutes.Map(routes);
        JukeApi.OnboardingState.Map(routes);
        SocialLogin.Map(routes);
        CatalogueRoutes.Map(routes);
        SpotifyRoutes.Map(routes);
    }
}
