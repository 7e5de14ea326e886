using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Juke.Testing;
using Shouldly;

namespace Juke.Ledger.Tests;

/// <summary>The part of the tour that goes through the Juke dialect: accounts, tokens and other people.</summary>
internal sealed partial class JukeTour(ServedContract served)
{
    private const string Accounts = "/api/v1/auth/accounts/";
    private const string Profiles = "/api/v1/music-profiles/";

    public async Task RunAsync()
    {
        await AccountsAsync();
        await PeopleAsync();
    }

    private async Task AccountsAsync()
    {
        using var ada = served.Server.NewClient();
        var (username, email) = (TestClient.NewName(), TestClient.NewEmail());
        (await ada.PostAsync(Accounts + "register/", new { username, email, password = TestClient.Password, password_confirm = TestClient.Password })).Status.ShouldBe(HttpStatusCode.Created);
        (await ada.PostAsync(Accounts + "resend-registration/", new { email })).EnsureOk();
        await ada.PostAsync(Accounts + "resend-registration/", new { email = true });
        var link = Link().Match((await served.Server.Mailbox.WaitForAsync(email, "verify your Account", 2)).Body).Groups;
        var body = new JsonObject { ["user_id"] = link[1].Value, ["timestamp"] = link[2].Value, ["signature"] = link[3].Value };
        (await ada.PostAsync(Accounts + "verify-registration/", body)).EnsureOk();
        (await ada.PostAsync(Accounts + "verify-registration/", body)).Code.ShouldBe("INVALID_LINK");
        (await ada.TokenAsync(username)).EnsureOk();
        (await ada.PostAsync("/api/v1/auth/session/logout/")).Status.ShouldBe(HttpStatusCode.NoContent);

        await using var shut = await JukeServer.StartAsync(s => s with { RegistrationIsOff = true });
        using var late = shut.NewClient();
        foreach (var path in (string[])[Accounts + "register/", Accounts + "resend-registration/", "/auth/register"]) (await late.PostAsync(path, new { })).Code.ShouldBe("REGISTRATION_OFF");
    }

    private async Task PeopleAsync()
    {
        using var ada = served.Server.NewClient();
        (await ada.RegisterAsync()).EnsureOk();
        var name = TestClient.NewName();
        (await ada.CompleteAsync(name)).EnsureOk();
        (await ada.PostAsync(Profiles, new { display_name = "Ada", location = "Paris", city_lat = 48.86, city_lng = 2.35 })).Status.ShouldBe(HttpStatusCode.Created);
        (await ada.PostAsync(Profiles, new { })).Code.ShouldBe("PROFILE_EXISTS");
        (await ada.PatchAsync($"{Profiles}{name}/", new { bio = "x" })).EnsureOk();
        await ada.PatchAsync($"{Profiles}{name}/", new { bio = true });
        await ada.SendAsync(HttpMethod.Patch, $"{Profiles}{name}/", new { bio = "y" }, r => r.Headers.TryAddWithoutValidation("If-Match", "\"0\""));
        await ada.PatchAsync($"{Profiles}{ServedContract.Somebody}/", new { bio = "z" });
        await ada.PatchAsync(Profiles + "nobody-at-all/", new { bio = "z" });
        // Bodies are read of the owner only, so the tour of all endpoints came no further than 403.
        foreach (var text in (string[])["{", $"\"{new string('x', 600_000)}\""])
            await ada.SendAsync(HttpMethod.Patch, $"{Profiles}{name}/", new StringContent(text, System.Text.Encoding.UTF8, "application/json"));
        await ada.SendAsync(HttpMethod.Patch, $"{Profiles}{name}/", new StringContent("hello"));

        (await ada.GetAsync($"{Profiles}search/?q={name}")).EnsureOk().Json["results"]!.AsArray().Count.ShouldBe(1);
        await ada.GetAsync($"{Profiles}search/?q={new string('x', 101)}");
        (await ada.GetAsync(Profiles + "globe/?zoom=20")).EnsureOk().Json.AsArray().Count.ShouldBeGreaterThan(0);
        await ada.GetAsync(Profiles + "globe/?zoom=x");
        (await ada.GetAsync(Profiles + "?online=true")).EnsureOk().Json["results"]!.AsArray().Count.ShouldBeGreaterThan(0);
        (await ada.GetAsync(Profiles)).Code.ShouldBe("METHOD_NOT_ALLOWED");
        (await ada.GetAsync("/api/v1/users/?limit=1&offset=1")).EnsureOk();
        (await ada.GetAsync($"/api/v1/users/{ada.UserId}/")).EnsureOk();
        await ada.GetAsync("/api/v1/users/7/");
    }

    [GeneratedRegex(@"user_id=(\d+)&timestamp=(\d+)&signature=([\w-]+)")]
    private static partial Regex Link();
}
