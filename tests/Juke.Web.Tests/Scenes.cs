using Juke.Testing;

namespace Juke.Web.Tests;

/// <summary>Every page in every state that looks different: what accessibility, width and screenshots are judged on.</summary>
internal static class Scenes
{
    public static readonly Dictionary<string, Func<Site, Task<Visitor>>> All = new(StringComparer.Ordinal)
    {
        ["landing"] = site => GuestAsync(site, "/"),
        ["landing signed in"] = site => OnboardedAsync(site, "/"),
        ["login"] = site => GuestAsync(site, "/login"),
        ["login refused"] = site => GuestAsync(site, "/login", async v => await v.LoginAsync("nobody@example.com")),
        ["login with gaps"] = site => GuestAsync(site, "/login", async v => await v.PressAsync("Sign in")),
        ["login after an outage"] = site => GuestAsync(site, "/login?error=spotify_unavailable"),
        ["login after a no"] = site => GuestAsync(site, "/login?error=google_denied&next=%2Fprofile"),
        ["register"] = site => GuestAsync(site, "/register"),
        ["register refused"] = site => GuestAsync(site, "/register", async v =>
        {
            await v.FillAsync("E-mail address", "not an address");
            await v.FillAsync("Password", "12345678");
            await v.PressAsync("Create account");
            await v.SeeAsync("Something is not right yet");
        }),
        ["register taken"] = async site =>
        {
            using var account = await site.NewClient().RegisterAsync();
            return await GuestAsync(site, "/register", async v =>
            {
                await v.FillAsync("E-mail address", account.Email);
                await v.FillAsync("Password", TestClient.Password);
                await v.PressAsync("Create account");
                await v.SeeAsync("There is an account with this address already");
            });
        },
        ["forgot"] = site => GuestAsync(site, "/forgot-password"),
        ["forgot sent"] = site => GuestAsync(site, "/forgot-password?sent"),
        ["reset"] = async site => await GuestAsync(site, "/reset-password?token=" + await ResetTokenAsync(site)),
        ["reset refused"] = async site => await GuestAsync(site, "/reset-password?token=" + await ResetTokenAsync(site), async v =>
        {
            await v.FillAsync("New password", "password1");
            await v.PressAsync("Set password");
            await v.SeeAsync("one of the most common ones");
        }),
        ["reset dead"] = site => GuestAsync(site, "/reset-password?token=x"),
        ["verify as guest"] = async site =>
        {
            using var account = await site.NewClient().RegisterAsync();
            return await GuestAsync(site, "/verify-email?token=" + await VerifyTokenAsync(site, account));
        },
        ["verify"] = async site =>
        {
            using var account = await site.NewClient().RegisterAsync();
            var visitor = await site.VisitAsync(account);
            await visitor.GoAsync("/verify-email?token=" + await VerifyTokenAsync(site, account));
            return visitor;
        },
        ["verify as another"] = async site =>
        {
            using var account = await site.NewClient().RegisterAsync();
            return await OnboardedAsync(site, "/verify-email?token=" + await VerifyTokenAsync(site, account));
        },
        ["verify user"] = async site => await GuestAsync(site, (await RegistrationLinkTests.RegisterAsync(site)).Link),
        ["verify user dead"] = site => GuestAsync(site, "/verify-user/"),
        ["verify dead"] = site => GuestAsync(site, "/verify-email?token=x"),
        ["onboarding"] = RequiredAsync,
        ["onboarding refused"] = async site =>
        {
            var visitor = await RequiredAsync(site);
            await visitor.FillAsync("Username", "globe");
            await visitor.PressAsync("Next");
            await visitor.SeeAsync("Something is not right yet");
            return visitor;
        },
        ["onboarding genres"] = site => StepAsync(site, "genres"),
        ["onboarding genres full"] = async site =>
        {
            var visitor = await StepAsync(site, "genres");
            foreach (var genre in new[] { "Jazz", "Soul", "Funk", "Pop" }) await visitor.Page.GetByText(genre, new() { Exact = true }).ClickAsync();
            await visitor.SeeAsync("take one away first");
            return visitor;
        },
        ["onboarding artist"] = site => StepAsync(site, "artist?q=velvet"),
        ["onboarding hated"] = site => StepAsync(site, "hated"),
        ["onboarding rainy"] = site => StepAsync(site, "rainy"),
        ["onboarding workout"] = site => StepAsync(site, "workout"),
        ["onboarding decade"] = site => StepAsync(site, "decade"),
        ["onboarding listening"] = site => StepAsync(site, "listening"),
        ["onboarding age"] = site => StepAsync(site, "age"),
        ["onboarding city"] = site => StepAsync(site, "city?q=sao%20pau"),
        ["onboarding connect"] = site => StepAsync(site, "connect"),
        ["onboarding connect refused"] = site => StepAsync(site, "connect?error=spotify_denied"),
        ["onboarding connect connected"] = async site =>
        {
            var visitor = await RequiredAsync(site);
            await visitor.ConnectSpotifyAsync("/onboarding/connect", ProviderWalkTests.NewPerson(site, "Spotify"));
            return visitor;
        },
        ["onboarding from Spotify"] = site => NewcomerAsync(site, "Spotify"),
        ["home"] = site => OnboardedAsync(site, "/home"),
        ["profile"] = site => OnboardedAsync(site, "/profile"),
        ["profile with artists"] = site => OnboardedAsync(site, "/profile?q=velvet"),
        ["profile refused"] = async site =>
        {
            using var other = await site.NewClient().OnboardAsync();
            var visitor = await OnboardedAsync(site, "/profile");
            await visitor.FillAsync("Username", other.Username!);
            await visitor.PressAsync("Save");
            await visitor.SeeAsync("Free right now");
            return visitor;
        },
        ["settings"] = site => OnboardedAsync(site, "/settings"),
        ["settings connected"] = site => ConnectedAsync(site),
        ["settings to connect again"] = async site =>
        {
            var visitor = await ConnectedAsync(site, "update credentials set refresh_token = null");
            await visitor.GoAsync("/settings");
            return visitor;
        },
        ["settings refused by Spotify"] = site => OnboardedAsync(site, "/settings?error=spotify_taken"),
        ["settings with Spotify only"] = async site =>
        {
            var visitor = await NewcomerAsync(site, "Spotify");
            await visitor.GoAsync("/settings");
            return visitor;
        },
        ["settings with Google only"] = async site =>
        {
            var visitor = await NewcomerAsync(site, "Google");
            await visitor.GoAsync("/settings");
            return visitor;
        },
        ["connect by a link"] = async site =>
        {
            var label = ProviderWalkTests.NewPerson(site, "Spotify");
            var visitor = await site.VisitAsync();
            await visitor.GoAsync("/api/v1/auth/connect/spotify/?token=" + await ConnectTests.JukeTokenAsync(site));
            await visitor.PickAsync(label);
            await visitor.ArriveAsync("/connect/spotify");
            return visitor;
        },
        ["connect by a link somebody elses"] = async site =>
        {
            var label = ProviderWalkTests.NewPerson(site, "Spotify");
            await using (var owner = await site.VisitAsync())
            {
                await owner.GoAsync("/");
                await owner.ContinueWithAsync("Spotify", label);
                await owner.ArriveAsync("/onboarding/username");
                await owner.CompleteAsync();
            }
            var visitor = await site.VisitAsync();
            await visitor.GoAsync("/api/v1/auth/connect/spotify/?token=" + await ConnectTests.JukeTokenAsync(site) + "&return_to=juke%3A%2F%2Fspotify-callback");
            await visitor.PickAsync(label);
            await visitor.ArriveAsync("/connect/spotify");
            await visitor.PressAsync("Connect");
            await visitor.SeeAsync("This Spotify account belongs to another Juke account");
            return visitor;
        },
        ["connect by a link too old"] = site => GuestAsync(site, "/connect/spotify?state=x"),
        ["settings with devices"] = async site =>
        {
            using var account = await site.NewClient().OnboardAsync();
            using var phone = site.Server.NewClient();
            (await phone.LoginAsync(account.Email)).EnsureOk();
            var visitor = await site.VisitAsync(account);
            await visitor.GoAsync("/settings?notice=Saved");
            return visitor;
        },
        ["settings refused"] = async site =>
        {
            var visitor = await OnboardedAsync(site, "/settings");
            await visitor.FillAsync("Current password", "not the right one");
            await visitor.FillAsync("New password", "a new and quiet evening");
            await visitor.PressAsync("Change password");
            await visitor.SeeAsync("This is not your current password");
            return visitor;
        },
        ["not found"] = site => GuestAsync(site, "/no-such-page"),
        ["offline"] = site => GuestAsync(site, "/offline"),
        ["stale"] = async site =>
        {
            var visitor = await OnboardedAsync(site, "/home");
            await visitor.Context.ClearCookiesAsync(new() { Name = "juke_antiforgery" });
            await visitor.Page.Locator("form.leave button").ClickAsync();
            await visitor.SeeAsync("open for too long");
            return visitor;
        },
    };

    public static async Task<string> VerifyTokenAsync(Site site, PageClient account) => (await site.Server.Mailbox.WaitForAsync(account.Email, "Confirm")).Token!;

    private static async Task<string> ResetTokenAsync(Site site)
    {
        using var account = await site.NewClient().RegisterAsync();
        using var guest = site.NewClient();
        await guest.SubmitAsync("/forgot-password", "/forgot-password", ("email", account.Email));
        return (await site.Server.Mailbox.WaitForAsync(account.Email, "new password")).Token!;
    }

    private static async Task<Visitor> GuestAsync(Site site, string path, Func<Visitor, Task>? then = null)
    {
        var visitor = await site.VisitAsync();
        await visitor.GoAsync(path);
        if (then is not null) await then(visitor);
        return visitor;
    }

    private static async Task<Visitor> RequiredAsync(Site site)
    {
        using var account = await site.NewClient().RegisterAsync();
        var visitor = await site.VisitAsync(account);
        await visitor.GoAsync("/onboarding");
        return visitor;
    }

    private static async Task<Visitor> NewcomerAsync(Site site, string provider)
    {
        var visitor = await site.VisitAsync();
        await visitor.GoAsync("/");
        await visitor.ContinueWithAsync(provider, ProviderWalkTests.NewPerson(site, provider));
        await visitor.ArriveAsync("/onboarding/username");
        return visitor;
    }

    private static async Task<Visitor> ConnectedAsync(Site site, string? update = null)
    {
        using var account = await site.NewClient().OnboardAsync();
        var visitor = await site.VisitAsync(account);
        await visitor.ConnectSpotifyAsync("/settings", ProviderWalkTests.NewPerson(site, "Spotify"));
        if (update is not null) await ConnectTests.ExecuteAsync(site, update, account.Email);
        return visitor;
    }

    private static async Task<Visitor> StepAsync(Site site, string step)
    {
        var visitor = await RequiredAsync(site);
        await visitor.GoAsync("/onboarding/" + step);
        return visitor;
    }

    private static async Task<Visitor> OnboardedAsync(Site site, string path)
    {
        using var account = await site.NewClient().OnboardAsync();
        var visitor = await site.VisitAsync(account);
        await visitor.GoAsync(path);
        return visitor;
    }
}
