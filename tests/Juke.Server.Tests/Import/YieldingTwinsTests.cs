using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>Imported twins of whom nobody verified in time keep their name from nobody.</summary>
public sealed class YieldingTwinsTests : IAsyncLifetime
{
    private JukeServer server = null!;

    public async ValueTask InitializeAsync() => server = await JukeServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("core")]
    [InlineData("juke")]
    public async Task Two_twins_that_were_never_verified_yield_their_name(string door)
    {
        await using var old = await OldJuke.WithAsync(OldPerson.Typical(1, "Wanted") with { IsActive = false, LastLogin = null }, OldPerson.Typical(2, "WANTED") with { IsActive = false, LastLogin = null });
        await server.ImportAsync(old);
        using var client = server.NewClient();
        if (door == "juke")
        {
            var made = await client.PostAsync("/api/v1/auth/accounts/register/", new { username = "wanted", email = "new@example.com", password = "a quite new password", password_confirm = "a quite new password" });
            made.Status.ShouldBe(HttpStatusCode.Created, made.Body);
            return;
        }
        (await client.RegisterAsync()).EnsureOk();
        (await client.GetAsync("/auth/username/check?username=wanted")).EnsureOk().Json["available"]!.GetValue<bool>().ShouldBeTrue();
        (await client.CompleteAsync("wanted")).EnsureOk();
        (await server.AskAsync<long>("select count(*) from users where id < 3 and username is not null")).ShouldBe(0);
    }
}
