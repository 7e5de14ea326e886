using System.Net;
using Juke.Testing;
using Microsoft.AspNetCore.DataProtection;
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
          drop constraint juke_auth_jukeuser_username_key, drop constraint juke_auth_jukeuser_email_key, alter column last_login type timestamptz, add column shoe_size integer;
        alter table juke_auth_musicprofile drop constraint juke_auth_musicprofile_user_id_key, alter column custom_data drop default, alter column custom_data type json using custom_data::json,
          alter column favorite_genres drop default, alter column favorite_genres type json using favorite_genres::json, alter column favorite_artists drop default, alter column favorite_artists type text using favorite_artists::text,
          alter column bio drop default, alter column bio type json using to_json(bio), alter column bio drop not null, alter column display_name type text, alter column clout drop not null,
          alter column custom_data drop not null, alter column favorite_genres drop not null, alter column location drop not null, alter column favorite_artists drop not null;
        create index on juke_auth_musicprofile (user_id);
        alter table authtoken_token drop constraint authtoken_token_user_id_key, drop constraint authtoken_token_pkey, alter column key type text;
        alter table social_auth_usersocialauth alter column extra_data type json using extra_data::json, alter column uid type text, drop constraint social_auth_usersocialauth_provider_uid_key
        """;

    // 9,600 characters that no compression makes short enough for an index.
    private const string Incompressible = "(select string_agg(md5(i::text), '') from generate_series(1, 300) i)";

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
            $"update juke_auth_jukeuser set username = {Incompressible}, email = repeat('m', 5000) || '@example.com' where id = 8",
            "update juke_auth_jukeuser set username = U&'\\FFFE\\FFFF\\200F', email = U&'\\202Ex@example.com', first_name = repeat('f', 100000) where id = 9",
            "update juke_auth_jukeuser set password = repeat('p', 100000), shoe_size = 42 where id = 10",
            """update juke_auth_musicprofile set custom_data = '{"n": 1e99999, "m": 123456789012345678901234567890, "a": 1, "a": 2}' where user_id = 11""",
            "update juke_auth_musicprofile set custom_data = '[1,2]', favorite_genres = '\"rock\"', favorite_artists = 'not json at all' where user_id = 12",
            "update juke_auth_musicprofile set custom_data = null, favorite_genres = null, location = null, favorite_artists = null where user_id = 13",
            "insert into juke_auth_musicprofile (user_id, favorite_genres, favorite_artists) values (14, '[\"jazz\"]', '[]'), (14, '[]', '[]')",
            "insert into authtoken_token (key, user_id) values (repeat('t', 100000), 15), ('', 16)",
            $"insert into social_auth_usersocialauth (provider, uid, user_id, extra_data) values ('spotify', {Incompressible}, 17, '{{}}')",
            """insert into social_auth_usersocialauth (provider, uid, user_id, extra_data) values ('google-oauth2', 'g', 18, '{}'), ('spotify', '', 19, '{}')""",
            """insert into social_auth_usersocialauth (provider, uid, user_id, extra_data) values ('spotify', 'u20', 20, '{"access_token": "\ud800", "expires_at": 1e308, "scopes": [1, {}, "\ud800"]}')""",
            "update juke_auth_jukeuser set id = -5 where id = 21",
            $"update authtoken_token set key = '{OldPerson.TokenOf(22)}' where user_id = 23",
            """insert into social_auth_usersocialauth (provider, uid, user_id, extra_data) values ('spotify', 'u24', 24, '"{\"\\ud800 is no text at all\": 1, \"access_token\": \"an-access-token-of-24\"}"')""",
            """insert into social_auth_usersocialauth (provider, uid, user_id, extra_data, modified) values ('spotify', 'u25', 25, '{"access_token": "an-access-token-of-25"}', '9999-12-31 23:30Z')""",
            "update juke_auth_musicprofile set bio = '\"refused\"' where user_id = 26",
            "update juke_auth_jukeuser set first_name = 'refused' where id = 28",
        ];
        await old.ExecuteAsync("set session_replication_role = replica; " + string.Join("; ", hostile));
        // Rules of the database that the import does not know; and an account that has an old id already.
        await server.ExecuteAsync("alter table user_profiles add check (bio <> 'refused'); alter table users add check (name <> 'refused')");
        await server.ExecuteAsync("with u as (insert into users (id, created_at) values (27, now()) returning id) insert into user_profiles (user_id) select id from u");
        var run = await Importing.RunVerbAsync(server.ConnectionString, old, "--certificate", "-");
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        run.ExitCode.ShouldBe(0, run.Errors + string.Join('\n', lines.Where(l => l.Contains("\"status\":\"missing\"", StringComparison.Ordinal))));
        lines.Count(l => l.StartsWith("{\"id\":", StringComparison.Ordinal)).ShouldBe(40);
        foreach (var id in (int[])[27, 28]) lines.Single(l => l.StartsWith($"{{\"id\":{id},", StringComparison.Ordinal)).ShouldContain("\"status\":\"rejected\"");
        var again = await Importing.RunVerbAsync(server.ConnectionString, old);
        again.Errors.ShouldContain("0 new, 0 changed, 39 unchanged, 0 deleted here, 1 rejected");
        again.ExitCode.ShouldBe(0, "what the database refused is accounted for ever after");

        (await AsideAsync(1)).ShouldBe(["profile.city_lat", "profile.city_lng", "profile.clout"]);
        (await AsideAsync(2)).ShouldBe(["profile.custom_data.big"]);
        (await server.AskAsync<int>("select length(raw) from import_remarks where user_id = 2 and field = 'profile.custom_data.big'")).ShouldBe(5_000_002, "verbatim");
        (await AsideAsync(3)).ShouldBe(["profile.bio", "profile.custom_data.s", "profile.custom_data.t", "profile.favorite_genres[0]"]);
        (await AsideAsync(5)).ShouldContain("profile.onboarding_completed_at");
        (await AsideAsync(6)).ShouldBe(["user.date_joined", "user.last_login"]);
        (await AsideAsync(14)).ShouldBe(["profile", "profile"], "the newest of three counts");
        (await server.AskAsync<string>("select custom_data ->> 'ok' from user_profiles where user_id = 3")).ShouldBe("1");
        // Whoever is left signs in, and every profile can be read.
        foreach (var id in Enumerable.Range(1, 40).Except([6, 8, 9, 10, 27, 28]))
        {
            using var client = server.NewClient();
            (await client.LoginAsync($"user{id}", $"the password of {id}")).Status.ShouldBe(HttpStatusCode.OK, $"user {id}");
            (await client.GetAsync("/api/v1/music-profiles/me/")).EnsureOk();
            client.UserId.ShouldBe(id == 21 ? -5 : id);
        }
        await OneBadValueCostsNoMoreThanItselfAsync();
    }

    private async Task OneBadValueCostsNoMoreThanItselfAsync()
    {
        (await server.AskAsync<string>("select state from users where id = 6")).ShouldBe("disabled", "perhaps is not true");
        (await MeAsync(6)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        // A name that cannot be stored: the token and the rest came along, and the gate asks for a name.
        (await RejectedOrAsideAsync(8)).ShouldBe(["profile.onboarding_completed_at", "user.username"]);
        (await server.AskAsync<string>("select username from users where id = 9")).ShouldBe("\uFFFE\uFFFF\u200F", "verbatim");
        foreach (var id in (long[])[8, 9])
        {
            var me = (await MeAsync(id)).EnsureOk().Json;
            (me["id"]!.GetValue<long>(), me["onboardingRequired"]!.GetValue<bool>()).ShouldBe((id, id == 8));
            (await server.AskAsync<string>("select favorite_genres[1] from user_profiles where user_id = $1", id)).ShouldBe("rock");
            (await server.AskAsync<bool>("select email is not null and email_key is null and password_hash is not null from users where id = $1", id)).ShouldBeTrue();
        }
        (await server.AskAsync<int>("select length(name) from users where id = 9")).ShouldBe(100_000);
        (await RejectedOrAsideAsync(10)).ShouldBe(["user.password", "user.shoe_size"]);
        (await MeAsync(10)).EnsureOk().Json["hasPassword"]!.GetValue<bool>().ShouldBeFalse();

        (await RejectedOrAsideAsync(17)).ShouldBe(["spotify"], "the link alone is refused");
        (await MeAsync(17)).EnsureOk().Json["onboardingRequired"]!.GetValue<bool>().ShouldBeFalse();
        (await server.AskAsync<bool>("select raw not like '%' || md5('7') || '%' from import_remarks where user_id = 17")).ShouldBeTrue("kept, and sealed");

        // A token that two had opens one account, and the other has its password.
        (await MeAsync(22)).EnsureOk().Json["id"]!.GetValue<long>().ShouldBe(22);
        (await RejectedOrAsideAsync(23)).ShouldBe(["token"]);

        foreach (var id in (long[])[24, 25])
        {
            (await server.AskAsync<string>("select external_id from identities where user_id = $1", id)).ShouldBe($"u{id}");
            Unsealed((await server.AskAsync<string>("select access_token from credentials where user_id = $1", id))!).ShouldBe($"an-access-token-of-{id}");
        }
        (await RejectedOrAsideAsync(24)).ShouldBe(["spotify.extra_data"]);
        (await RejectedOrAsideAsync(25)).ShouldBeEmpty();

        // A refused profile is kept whole, and onboarding is not asked for again.
        (await RejectedOrAsideAsync(26)).ShouldBe(["profile"]);
        (await MeAsync(26)).EnsureOk().Json["onboardingRequired"]!.GetValue<bool>().ShouldBeFalse();
        (await RejectedOrAsideAsync(27)).ShouldBe(["user"]);

        // Nothing but the id: an account that nobody signs in to, until its row fits.
        (await RejectedOrAsideAsync(28)).ShouldBe(["profile", "token", "user"]);
        (await MeAsync(28)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await old.ExecuteAsync("update juke_auth_jukeuser set first_name = 'fits' where id = 28");
        (await server.ImportAsync(old)).Changed.ShouldBe(1);
        (await MeAsync(28)).EnsureOk().Json["onboardingRequired"]!.GetValue<bool>().ShouldBeFalse();
        (await server.AskAsync<long>("select id from users where username_key = 'user28' and email_proved_at is not null")).ShouldBe(28);
        (await server.CertifyAsync(old)).Lines[28]["status"]!.GetValue<string>().ShouldBe("complete");
    }

    [Fact]
    public async Task A_change_that_the_database_refuses_takes_nothing_away_and_is_taken_once_it_fits()
    {
        await server.ExecuteAsync("alter table user_profiles add check (bio <> 'refused')");
        await server.ImportAsync(old);
        await old.ExecuteAsync("update juke_auth_musicprofile set bio = '\"refused\"', tagline = 'new' where user_id = 5; update juke_auth_jukeuser set first_name = 'Changed' where id = 5");
        (await server.ImportAsync(old)).Changed.ShouldBe(1);
        (await server.AskAsync<bool>("select favorite_genres = '{rock}' and bio = '' and tagline = '' from user_profiles where user_id = 5")).ShouldBeTrue();
        (await server.AskAsync<string>("select name from users where id = 5")).ShouldBe("Changed");
        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue(lines[5].ToJsonString());
        lines[5]["rejected"]!.ToJsonString().ShouldContain("\"profile\"");

        await old.ExecuteAsync("update juke_auth_musicprofile set bio = '\"fits\"' where user_id = 5");
        await server.ImportAsync(old);
        (await server.AskAsync<bool>("select bio = 'fits' and tagline = 'new' from user_profiles where user_id = 5")).ShouldBeTrue();
        (await server.CertifyAsync(old)).Lines[5]["rejected"]!.ToJsonString().ShouldBe("[]");
    }

    [Fact]
    public async Task Ids_that_are_texts_count_and_rows_whose_ids_are_none_are_kept()
    {
        await old.ExecuteAsync(
            """
            set session_replication_role = replica;
            alter table juke_auth_musicprofile drop constraint juke_auth_musicprofile_user_id_fkey, alter column user_id type text;
            alter table authtoken_token drop constraint authtoken_token_user_id_fkey, alter column user_id type varchar(40);
            alter table social_auth_usersocialauth drop constraint social_auth_usersocialauth_user_id_fkey, alter column user_id type numeric;
            alter table juke_auth_jukeuser alter column id type text;
            update juke_auth_jukeuser set id = ' 7 ' where id = '7';
            update juke_auth_jukeuser set id = 'eight' where id = '8';
            update juke_auth_musicprofile set user_id = '' where user_id = '9';
            update authtoken_token set user_id = '4711', key = 'a-token-of-nobody' where user_id = '10'
            """);
        var run = await Importing.RunVerbAsync(server.ConnectionString, old, "--certificate", "-");
        run.ExitCode.ShouldBe(0, run.Errors);
        run.Errors.ShouldContain("39 new");
        run.Errors.ShouldContain("5 old rows that belong to nobody (5 kept)");
        (await server.AskAsync<string[]>("select array_agg(field || ' ' || user_id order by field, user_id) from import_remarks where reason like 'No user%' or reason like 'The id%'"))
            .ShouldBe(["profile 0", "profile 8", "token 8", "token 4711", "user 0"]);
        (await server.AskAsync<bool>("select bool_or(raw like '%a-token-of-nobody%') from import_remarks")).ShouldBeFalse("sealed");
        run.Output.ShouldContain("""{"stray":"token","userId":4711,"status":"aside","reason":"No user has this id."}""");
        using var client = server.NewClient();
        (await client.LoginAsync("user7", "the password of 7")).EnsureOk();
        client.UserId.ShouldBe(7);
        (await MeAsync(11)).EnsureOk();

        await server.ExecuteAsync("delete from import_remarks where user_id = 4711");
        (await server.CertifyAsync(old)).Totals.IsWhole.ShouldBeFalse("a row that is not kept is missing");
        (await server.ImportAsync(old)).Strays.ShouldBe(5);
        (await server.CertifyAsync(old)).Totals.IsWhole.ShouldBeTrue();

        await old.ExecuteAsync("update juke_auth_jukeuser set id = '07' where id = '6'");
        (await Importing.RunVerbAsync(server.ConnectionString, old)).Errors.ShouldContain("two users with id 7");
        await old.ExecuteAsync("alter table authtoken_token alter column user_id type boolean using true");
        (await Importing.RunVerbAsync(server.ConnectionString, old)).Errors.ShouldContain("authtoken_token.user_id is of type boolean");
    }

    [Fact]
    public async Task A_page_is_bounded_by_bytes_and_every_user_is_on_one()
    {
        await old.ExecuteAsync("update juke_auth_musicprofile set custom_data = ('{\"big\": \"' || repeat('x', 1000000) || '\"}')::json where user_id % 4 <> 0");
        await using var database = await Juke.Server.Import.OldDatabase.OpenAsync(old.ConnectionString, TestContext.Current.CancellationToken);
        var ids = new List<long>();
        await foreach (var page in database.ReadPagesAsync(2000, TestContext.Current.CancellationToken))
        {
            page.Sum(u => (long)u.Profiles.Sum(p => p.Length)).ShouldBeLessThanOrEqualTo(Juke.Server.Import.OldDatabase.PageBytes);
            page.ShouldAllBe(u => u.Profiles.Count == 1 && u.Tokens.Count == 1);
            ids.AddRange(page.Select(u => u.Id));
        }
        ids.ShouldBe(Enumerable.Range(1, 40).Select(i => (long)i));
    }

    private string Unsealed(string text) => server.Protector().Unprotect(text);

    private async Task<Reply> MeAsync(long id)
    {
        SecretWatch.Remember(OldPerson.TokenOf(id));
        using var client = server.NewClient();
        return await client.SendAsync(HttpMethod.Get, "/auth/me", null, r => r.Headers.TryAddWithoutValidation("Authorization", "Token " + OldPerson.TokenOf(id)));
    }

    private async Task<string[]> RejectedOrAsideAsync(long id) =>
        await server.AskAsync<string[]>("select array_agg(field order by field collate \"C\") from import_remarks where user_id = $1 and raw is not null and field <> 'profile.favorite_artists'", id) ?? [];

    private async Task<string[]> AsideAsync(long id) =>
        await server.AskAsync<string[]>("select array_agg(field order by field collate \"C\") from import_remarks where user_id = $1 and kind = 'aside' and field <> 'profile.favorite_artists'", id) ?? [];
}
