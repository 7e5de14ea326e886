using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Import;

/// <summary>
/// Who here has the names, addresses and Spotify accounts of a page of old users: accounts made here, and those imported
/// before. Read in the transaction that writes the page; what changes in between meets the unique constraints, and the page
/// is tried again. Whoever may become a twin keeps the holder of the name from giving it up until the page is committed: the
/// hand-on of the name (migration 0006) does not see a twin that is not committed, and the twin would wait for ever.
/// </summary>
internal sealed class Neighbours
{
    /// <summary>Of somebody whose address is another's.</summary>
    public static readonly Remark AddressLost = new(Remark.Aside, "user.email", null, "Another account owns the address: this one cannot be reset by it.");

    /// <summary>Of somebody whose Spotify account is another's.</summary>
    public static readonly Remark LinkLost = new(Remark.Rejected, "spotify.uid", null, "The Spotify account is connected to another account here.");

    private readonly Dictionary<string, long> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Id, bool IsProved)> addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> spotify = new(StringComparer.Ordinal);
    private readonly HashSet<long> imported = [];
    private readonly List<long> losers = [];
    private readonly KeyOwners owners;

    private Neighbours(KeyOwners owners) => this.owners = owners;

    /// <summary>Accounts that lose the key of an address that they never proved to somebody who had.</summary>
    public IReadOnlyList<long> LosersOfAddress => losers;

    public static async Task<Neighbours> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<Incoming> page, KeyOwners owners, bool holdNames, CancellationToken cancellation)
    {
        var neighbours = new Neighbours(owners);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Command("select username_key, id from users where username_key = any ($1)" + (holdNames ? " order by id for share" : ""), P(Texts(a => a.UsernameKey))));
        batch.BatchCommands.Add(Command("select email_key, id, email_proved_at is not null from users where email_key = any ($1)", P(Texts(a => a.EmailKey))));
        batch.BatchCommands.Add(Command(
            "select external_id, user_id from identities where provider = 'spotify' and external_id = any ($1) union select subject, user_id from identities where provider = 'spotify' and subject = any ($1)",
            P(Texts(a => a.SpotifyId))));
        batch.BatchCommands.Add(Command("select id from imported_users where id = any ($1)",
            P(page.SelectMany(i => (long?[])[owners.NameHolder(i.Id), owners.AddressHolder(i.Id)]).OfType<long>().Distinct().ToArray())));
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) neighbours.names[row.GetString(0)] = row.GetInt64(1);
        await row.NextResultAsync(cancellation);
        while (await row.ReadAsync(cancellation)) neighbours.addresses[row.GetString(0)] = (row.GetInt64(1), row.GetBoolean(2));
        await row.NextResultAsync(cancellation);
        while (await row.ReadAsync(cancellation)) neighbours.spotify[row.GetString(0)] = row.GetInt64(1);
        await row.NextResultAsync(cancellation);
        while (await row.ReadAsync(cancellation)) neighbours.imported.Add(row.GetInt64(0));
        return neighbours;

        string[] Texts(Func<StoredAccount, string?> key) => [.. page.Select(i => key(i.Account)).OfType<string>()];
    }

    /// <summary>
    /// Whether somebody came in with one of the Spotify accounts of which links were just written, after the neighbours were read.
    /// Asked between writing and committing: whoever makes an identity at that moment meets ours at the unique key of ids
    /// (<see cref="Data.Identities"/>), and one of the two waited for the other.
    /// </summary>
    public static async Task<bool> CameInAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<string?> links, CancellationToken cancellation)
    {
        string[] ids = [.. links.OfType<string>()];
        if (ids.Length == 0) return false;
        await using var command = new NpgsqlCommand("select count(*) from identities where provider = 'spotify' and external_id = any ($1)", connection, transaction) { Parameters = { P(ids) } };
        return (long)(await command.ExecuteScalarAsync(cancellation))! > ids.Length;
    }

    /// <summary>
    /// The account with the keys that it may hold; where it may not, a remark says why. Of two old users the one that
    /// <see cref="KeyOwners"/> names holds the key, unless it was here before and has given it up since.
    /// </summary>
    public StoredAccount Settle(StoredAccount account, List<Remark> remarks)
    {
        if (account.UsernameKey is { } name)
        {
            var isHeld = names.TryGetValue(name, out var holder);
            if (isHeld ? holder != account.Id : Awaits(owners.NameHolder(account.Id)))
            {
                remarks.Add(new(Remark.Aside, "user.username", null, isHeld && holder >= OldDatabase.FirstIdMadeHere
                    ? $"Account {holder}, made here, has the name: this one keeps it too, and signs in by its exact text or its address; of one text for both, the password tells which."
                    : "Another account has the same name in another case: this one signs in by its exact text."));
                account = account with { UsernameKey = null, UsernameTwinKey = name };
            }
            else names[name] = account.Id;
        }
        if (account.EmailKey is { } address)
        {
            var isOwned = addresses.TryGetValue(address, out var owner);
            var taken = isOwned && owner.Id != account.Id;
            if (taken && !owner.IsProved && account.EmailProvedAt is not null)
            {
                // A proof beats a mere claim (contract rule V3).
                losers.Add(owner.Id);
                remarks.Add(new(Remark.Aside, Remark.AddressWon, null, $"Account {owner.Id} claimed the address without proving it, and holds it no more."));
                taken = false;
            }
            if (taken || (!isOwned && Awaits(owners.AddressHolder(account.Id))))
            {
                remarks.Add(AddressLost);
                account = account with { EmailKey = null, EmailProvedAt = null };
            }
            else addresses[address] = (account.Id, account.EmailProvedAt is not null);
        }
        if (account.SpotifyId is { } id)
        {
            if (spotify.TryGetValue(id, out var user) && user != account.Id)
            {
                remarks.Add(LinkLost);
                account = account with { SpotifyId = null, SpotifyLinkedAt = null, SpotifyTokens = null };
            }
            else spotify[id] = account.Id;
        }
        return account;
    }

    /// <summary>Whether nobody has the address, or the Spotify account, that this one lost.</summary>
    public bool IsFree(StoredAccount account, Loser lost) =>
        (lost.Address is { } text && text == account.Email && account.EmailKey is { } address && !addresses.ContainsKey(address) && !Awaits(owners.AddressHolder(account.Id)))
        || (lost.HasNoLink && account.SpotifyId is { } id && !spotify.ContainsKey(id));

    // The holder among the old users has not been written yet.
    private bool Awaits(long? holder) => holder is { } id && !imported.Contains(id);
}
