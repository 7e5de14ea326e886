using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>A dump that Django could never have written: it stops nothing, and nothing of it is dropped.</summary>
public sealed class HostileDumpTests : IAsyncLifetime
{
    // Columns lose their types (favorite_artists becomes a text, so that every list of it is none any more), so that anything fits into them.
    private const string Loosen =
        """
        alter table juke_auth_jukeuser alter column email type text, alter column username type text, alter column password type text, alter column first_name type text,
          alter column is_active type text using is_active::text, alter column date_joined type text using date_joined::text, alter column date_joined drop not null,
          alter column last_login type timestamptz, add column shoe_size integer;
        alter table juke_auth_musicprofile drop constraint juke_auth_musicprofile_user_id_key, alter column custom_data drop default, alter column custom_data type json using custom_data::json,
          alter column favorite_genres drop default, alter column favorite_genres type json using favorite_genres::json, alter column favorite_artists drop default, alter column favorite_artists type text using favorite_artists::text,
          alter column bio drop default, alter column bio type json using to_json(bio), alter column bio drop not null, alter column display_name type text, alter column clout drop not null,
          alter column custom_data drop not null, alter column favorite_genres drop not null, alter column location drop not null, alter column favorite_artists drop not null;
        create index on juke_auth_musicprofile (user_id);
        alter table authtoken_token drop constraint authtoken_token_user_id_key, alter column key type text;
        alter table social_auth_usersocialauth alter column extra_data type json using extra_data::json, alter column uid type text
        """;

    private JukeServer server = null!;
    private OldJuke old = null!;

    public async ValueTask InitializeAsync()
    {
        server = await JukeServer.StartAsync();
        old = await OldJuke.WithAsync([.. Enumerable.Range(1, 40).Select(i => OldPerson.Typical(i))]);
        await old.ExecuteAsync(Loosen);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await old.DisposeAsync();
    }

    [Fact]
    public async Task Every_hostile_row_is_accounted_for_and_the_others_come_along()
    {
        string[] hostile =
        [
            "update juke_auth_musicprofile set city_lat = 'NaN', city_lng = 'Infinity', clout = 'NaN' where user_id = 1",
            "update juke_auth_musicprofile set custom_data = ('{\"big\": \"' || repeat('x', 5000000) || '\"}')::json where user_id = 2",
            """update juke_auth_musicprofile set custom_data = '{"s": "\ud800", "t": "\u0000", "ok": 1}', favorite_genres = '["\udc00", "rock"]', bio = '"\ud83d"' where user_id = 3""",
            "update juke_auth_musicprofile set custom_data = (repeat('{\"a\":', 3000) || '1' || repeat('}', 3000))::json, favorite_genres = (repeat('[', 3000) || repeat(']', 3000))::json where user_id = 4",
            "update juke_auth_musicprofile set onboarding_completed_at = 'infinity', modified_at = '-infinity', created_at = '4713-01-01 BC' where user_id = 5",
            "update juke_auth_jukeuser set date_joined = 'yesterday', last_login = 'infinity', is_active = 'perhaps' where id = 6",
            "update juke_auth_jukeuser set date_joined = null, last_login = '294276-12-31' where id = 7",
            "update juke_auth_jukeuser set username = repeat('n', 5000), email = repeat('m', 5000) || '@example.com' where id = 8",
            "update juke_auth_jukeuser set username = U&'\\FFFE\\FFFF\\200F', email = U&'\\202Ex@example.com', first_name = repeat('f', 100000) where id = 9",
            "update juke_auth_jukeuser set password = repeat('p', 100000), shoe_size = 42 where id = 10",
            """update juke_auth_musicprofile set custom_data = '{"n": 1e99999, "m": 123456789012345678901234567890, "a": 1, "a": 2}' where user_id = 11""",
            "update juke_auth_musicprofile set custom_data = '[1,2]', favorite_genres = '\"rock\"', favorite_artists = 'not json at all' where user_id = 12",
            "update juke_auth_musicprofile set custom_data = null, favorite_genres = null, location = null, favorite_artists = null where user_id = 13",
            "insert into juke_auth_musicprofile (user_id, favorite_genres, favorite_artists) values (14, '[\"jazz\"]', '[]'), (14, '[]', '[]')",
            "insert into authtoken_token (key, user_id) values (repeat('t', 100000), 15), ('', 16)",
            """insert into social_auth_usersocialauth (provider, uid, user_id, extra_data) values ('spotify', repeat('u', 20000), 17, '{}'), ('google-oauth2', 'g', 18, '{}'), ('spotify', '', 19, '{}')""",
            """insert into social_auth_usersocialauth (provider, uid, user_id, extra_data) values ('spotify', 'u20', 20, '{"access_token": "\ud800", "expires_at": 1e308, "scopes": [1, {}, "\ud800"]}')""",
            "update juke_auth_jukeuser set id = -5 where id = 21",
        ];
        await old.ExecuteAsync("set session_replication_role = replica; " + string.Join("; ", hostile));
        var run = await Importing.RunVerbAsync(server.ConnectionString, old, "--certificate", "-");
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        run.ExitCode.ShouldBe(0, run.Errors + string.Join('\n', lines.Where(l => l.Contains("\"status\":\"missing\"", StringComparison.Ordinal))));
        lines.Length.ShouldBe(40);
        (await Importing.RunVerbAsync(server.ConnectionString, old)).Errors.ShouldContain("0 new, 0 changed, 40 unchanged");

        (await AsideAsync(1)).ShouldBe(["profile.city_lat", "profile.city_lng", "profile.clout"]);
        (await AsideAsync(2)).ShouldBe(["profile.custom_data.big"]);
        (await server.AskAsync<int>("select length(raw) from import_remarks where user_id = 2 and field = 'profile.custom_data.big'")).ShouldBe(5_000_002, "verbatim");
        (await AsideAsync(3)).ShouldBe(["profile.bio", "profile.custom_data.s", "profile.custom_data.t", "profile.favorite_genres[0]"]);
        (await AsideAsync(5)).ShouldContain("profile.onboarding_completed_at");
        (await AsideAsync(6)).ShouldBe(["user.date_joined", "user.last_login"]);
        (await AsideAsync(14)).ShouldBe(["profile", "profile"], "the newest of three counts");
        (await server.AskAsync<string>("select custom_data ->> 'ok' from user_profiles where user_id = 3")).ShouldBe("1");
        // Whoever is left signs in, and every profile can be read.
        foreach (var id in Enumerable.Range(1, 40).Except([6, 8, 9, 10, 21]))
        {
            using var client = server.NewClient();
            (await client.LoginAsync($"user{id}", $"the password of {id}")).Status.ShouldBe(HttpStatusCode.OK, $"user {id}");
            (await client.GetAsync("/api/v1/music-profiles/me/")).EnsureOk();
        }
    }

    private async Task<string[]> AsideAsync(long id) =>
        await server.AskAsync<string[]>("select array_agg(field order by field collate \"C\") from import_remarks where user_id = $1 and kind = 'aside' and field <> 'profile.favorite_artists'", id) ?? [];
}
