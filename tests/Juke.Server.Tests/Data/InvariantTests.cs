using Juke.Contract;
using Juke.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Data;

/// <summary>What the database itself holds, tried with raw SQL past all our code (contract §2, §3).</summary>
public sealed class InvariantTests : IAsyncLifetime
{
    private const string NewUser = "insert into users (created_at) values (now()) returning id";

    private NpgsqlDataSource database = null!;

    public async ValueTask InitializeAsync() => database = NpgsqlDataSource.Create(await TestCluster.NewDatabaseAsync());

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public Task A_user_without_a_profile_cannot_be_committed() => RefusedAtCommitAsync("users_have_a_profile", NewUser);

    [Fact]
    public async Task A_profile_cannot_be_taken_from_its_user()
    {
        var id = await MakeUserAsync();
        await RefusedAtCommitAsync("users_have_a_profile", $"delete from user_profiles where user_id = {id}");
        await RefusedAtCommitAsync("users_have_a_profile", $"truncate user_profiles; select {id}", atCommit: false);
    }

    [Fact]
    public async Task A_profile_cannot_be_moved_to_another_user_or_to_nobody()
    {
        var (id, other) = (await MakeUserAsync(), await MakeUserAsync());
        await RefusedAtCommitAsync("users_have_a_profile", $"update user_profiles set user_id = 1 where user_id = {id}");
        await RefusedAtCommitAsync("user_profiles_pkey", $"update user_profiles set user_id = {other} where user_id = {id}", atCommit: false);
        // Swapping both away and back within one transaction is nobody's loss.
        await ExecuteAsync($"update user_profiles set user_id = 1 where user_id = {id}; update user_profiles set user_id = {id} where user_id = 1");
    }

    [Fact]
    public async Task A_user_cannot_change_id_and_leave_the_profile_behind()
    {
        var id = await MakeUserAsync();
        await RefusedAtCommitAsync("user_profiles_user", $"update users set id = 7 where id = {id}");
    }

    [Fact]
    public Task A_profile_without_a_user_cannot_be_committed() => RefusedAtCommitAsync("user_profiles_user", "insert into user_profiles (user_id) values (5)");

    [Fact]
    public async Task Onboarding_done_and_its_date_come_and_go_together()
    {
        var id = await MakeUserAsync();
        await RefusedAtCommitAsync("onboarding_done_has_a_date", $"update user_profiles set onboarding_done = true where user_id = {id}", atCommit: false);
        await RefusedAtCommitAsync("onboarding_done_has_a_date", $"update user_profiles set onboarding_done_at = now() where user_id = {id}", atCommit: false);
        await ExecuteAsync($"update user_profiles set onboarding_done = true, onboarding_done_at = now() where user_id = {id}");
        await RefusedAtCommitAsync("onboarding_done_has_a_date", $"update user_profiles set onboarding_done_at = null where user_id = {id}", atCommit: false);
    }

    [Fact]
    public async Task Deleting_a_user_takes_everything_of_theirs_along()
    {
        var id = await MakeUserAsync();
        await ExecuteAsync(
            $"""
            insert into sessions (sid, user_id, kind, issued_at, salt, created_at, seen_at, idle_ends_at, absolute_ends_at)
            values (decode(repeat('ab', 16), 'hex'), {id}, 'app', now(), decode(repeat('cd', 16), 'hex'), now(), now(), now(), now());
            insert into email_tokens (id, user_id, purpose, email, email_key, created_at, expires_at) values (decode(repeat('ef', 16), 'hex'), {id}, 'verify', 'a@b.c', 'a@b.c', now(), now());
            insert into mails (kind, address, user_id, token_id, created_at, next_try_at) values ('verify', 'a@b.c', {id}, decode(repeat('ef', 16), 'hex'), now(), now())
            """);
        await ExecuteAsync($"delete from users where id = {id}");
        (await ScalarAsync("select (select count(*) from user_profiles) + (select count(*) from sessions) + (select count(*) from email_tokens) + (select count(*) from mails)")).ShouldBe(0L);
    }

    [Fact]
    public async Task Ids_made_here_start_at_a_thousand_million_and_fit_32_bits()
    {
        (await MakeUserAsync()).ShouldBe(1_000_000_000);
        (await MakeUserAsync()).ShouldBe(1_000_000_001);
    }

    [Theory]
    [InlineData("email_key", "'a@b.c'")]
    [InlineData("username_key", "'anna'")]
    [InlineData("email_proved_at", "now()")]
    public async Task A_key_or_a_proof_without_its_text_cannot_be_written(string column, string value) =>
        (await RefusedAsync($"insert into users (created_at, {column}) values (now(), {value})")).SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);

    [Fact]
    public async Task Two_users_never_hold_one_key_but_any_number_holds_none()
    {
        await MakeUserAsync("username, username_key, email, email_key", "'Anna', 'anna', 'A@b.c', 'a@b.c'");
        (await RefusedAsync("insert into users (created_at, username, username_key) values (now(), 'ANNA', 'anna')")).ConstraintName.ShouldBe("users_username_key_unique");
        (await RefusedAsync("insert into users (created_at, email, email_key) values (now(), 'a@B.c', 'a@b.c')")).ConstraintName.ShouldBe("users_email_key_unique");
        await MakeUserAsync("username", "'ANNA'");
        await MakeUserAsync("username", "'ANNA'");
    }

    private static IEnumerable<(string? Username, bool IsMissing)> Usernames()
    {
        (string?, bool)[] some = [(null, true), ("", true), (Username.WhiteSpace, true), ("anna", false), ("Ä", false), (" a ", false), ("\u3000\u00A0 \tx", false)];
        foreach (var one in some) yield return one;
        foreach (var space in Username.WhiteSpace)
        {
            yield return (space.ToString(), true);
            yield return ($" {space}{space}\u3000", true);
            yield return ($"{space}_{space}", false);
        }
        // They look like nothing, but are not White_Space in Unicode: contract §3 counts them as a name.
        foreach (var other in "\u200B\u200C\u200D\u2060\uFEFF\u180E\u00AD\u2800\u3164") yield return (other.ToString(), false);
    }

    [Fact]
    public async Task The_gate_asks_for_a_username_that_is_null_or_only_white_space_and_for_onboarding_that_is_not_done()
    {
        var (done, open) = (await MakeUserAsync(done: true), await MakeUserAsync(done: false));
        foreach (var (username, isMissing) in Usernames())
        {
            await using var command = database.CreateCommand("update users set username = $1");
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)username ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            await command.ExecuteNonQueryAsync();
            (await ScalarAsync($"select username_missing from accounts where id = {done}")).ShouldBe(isMissing, Show(username));
            (await ScalarAsync($"select username_missing from accounts where id = {open}")).ShouldBe(isMissing, Show(username));
            (await ScalarAsync($"select onboarding_required from accounts where id = {done}")).ShouldBe(isMissing, Show(username));
            (await ScalarAsync($"select onboarding_required from accounts where id = {open}")).ShouldBe(true, Show(username));
        }
    }

    [Fact]
    public async Task The_gate_would_hold_back_even_a_user_without_a_profile()
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("insert into users (created_at, username) values (now(), 'anna'); select onboarding_required from accounts", connection, transaction);
        (await command.ExecuteScalarAsync()).ShouldBe(true);
    }

    [Fact]
    public void The_list_of_white_space_is_unicodes()
    {
        // Unicode 16, PropList.txt, White_Space: 25 code points, all of the basic plane; .NET's char.IsWhiteSpace is the same property.
        var unicodes = Enumerable.Range(0, 0x10000).Select(c => (char)c).Where(char.IsWhiteSpace).ToArray();
        Username.WhiteSpace.ToCharArray().ShouldBe(unicodes);
        unicodes.Length.ShouldBe(25);
    }

    private static string Show(string? text) => text is null ? "null" : string.Join(' ', text.Select(c => $"U+{(int)c:X4}"));

    private async Task<long> MakeUserAsync(string? columns = null, string? values = null, bool done = false)
    {
        var more = columns is null ? ("", "") : (", " + columns, ", " + values);
        return (long)(await ScalarAsync(
            $"""
            with u as (insert into users (created_at{more.Item1}) values (now(){more.Item2}) returning id)
            insert into user_profiles (user_id, onboarding_done, onboarding_done_at) select id, {done}, {(done ? "now()" : "null")} from u returning user_id
            """))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand(sql, connection, transaction)) await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task<PostgresException> RefusedAsync(string sql) => await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(sql));

    /// <summary>The statement itself passes (unless told otherwise); the commit is what refuses, and nothing stays.</summary>
    private async Task RefusedAtCommitAsync(string constraint, string sql, bool atCommit = true)
    {
        var before = await ScalarAsync("select count(*) from users u full join user_profiles p on p.user_id = u.id");
        await using (var connection = await database.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            PostgresException refusal;
            if (atCommit)
            {
                await command.ExecuteNonQueryAsync();
                refusal = await Should.ThrowAsync<PostgresException>(() => transaction.CommitAsync());
            }
            else
            {
                refusal = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            }
            if (refusal.SqlState != PostgresErrorCodes.FeatureNotSupported) refusal.ConstraintName.ShouldBe(constraint);
        }
        (await ScalarAsync("select count(*) from users u full join user_profiles p on p.user_id = u.id")).ShouldBe(before);
    }
}
