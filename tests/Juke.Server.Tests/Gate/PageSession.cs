using Juke.Server.Data;
using Juke.Server.Sessions;
using Juke.Testing;

namespace Juke.Server.Tests.Gate;

/// <summary>A cookie of the hosted pages for a fresh account, opened without a page, so that API tests need none.</summary>
internal static class PageSession
{
    public static async Task<(string Cookie, string AccessToken)> OpenAsync(JukeServer server)
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        var session = NewSession.Web(new Caller("test", "127.0.0.1", IsWeb: false), server.Clock.GetUtcNow());
        (await SessionRows.InsertAsync(server.Database, session.Row, client.UserId, verifiedHash: null, rehash: null, default)).ShouldBeTrueOr("no session");
        SecretWatch.Remember(session.Secret);
        return ("juke_session=" + session.Secret, client.AccessToken!);
    }

    private static void ShouldBeTrueOr(this bool condition, string message)
    {
        if (!condition) throw new InvalidOperationException(message);
    }
}
