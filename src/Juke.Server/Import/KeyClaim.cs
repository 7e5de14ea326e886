using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Juke.Contract;
using Juke.Contract.Profiles;
using Juke.Server.Passwords;

namespace Juke.Server.Import;

/// <summary>What an old user says to the question who holds a name or an address that several have.</summary>
/// <param name="Id">The user.</param>
/// <param name="Username">64 bits of the hash of the name's key; 0 when there is no name.</param>
/// <param name="Email">The same of the address.</param>
/// <param name="IsProved">Active, with a password that works: the old system mailed a link before it let anybody in.</param>
/// <param name="SeenAt">Ticks of the last sign-in; 0 when there was none.</param>
internal readonly record struct KeyClaim(long Id, ulong Username, ulong Email, bool IsProved, long SeenAt)
{
    public static KeyClaim Of(long id, string? username, string? email, bool isActive, string? password, string? seenAt) => new(
        id, Hash(UsernameKey(username)), Hash(EmailKey(email)),
        isActive && DjangoPassword.IsUsable(password), seenAt is null ? 0 : CompletionMarker.Read(seenAt)?.Ticks ?? 0);

    /// <summary>The key under which nobody else may have the name; null for a blank one, which is none.</summary>
    public static string? UsernameKey(string? username) =>
        string.IsNullOrEmpty(username?.Trim(Contract.Username.WhiteSpace.ToCharArray())) ? null : Contract.Username.Key(username);

    /// <summary>The key of an address; null for what is none.</summary>
    public static string? EmailKey(string? email) => EmailAddress.Check(email, out var address) is null ? EmailAddress.Key(address) : null;

    private static ulong Hash(string? key) =>
        key is null ? 0 : Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
}

/// <summary>
/// Of the users whose names or addresses are the same but for their case, one holds the key: who proved the address, then
/// who signed in last, then the older account (contract §2). Decided over all users before the first is written, so that the
/// answer does not depend on the order of writing.
/// </summary>
internal sealed class KeyOwners
{
    // From who holds no key to who does.
    private readonly Dictionary<long, long> withoutName = [];
    private readonly Dictionary<long, long> withoutAddress = [];
    private readonly SortedSet<long> contested = [];

    public KeyOwners(IEnumerable<KeyClaim> claims)
    {
        var all = claims.ToArray();
        Judge(all, static c => c.Username, withoutName);
        Judge(all, static c => c.Email, withoutAddress);
    }

    /// <summary>Everybody who shares a key: written first, so that a name with twins is never free while the rest is imported.</summary>
    public IReadOnlyCollection<long> Contested => contested;

    /// <summary>The user who holds the name's key instead of this one, or null.</summary>
    public long? NameHolder(long id) => withoutName.TryGetValue(id, out var holder) ? holder : null;

    /// <summary>The user who holds the address's key instead of this one, or null.</summary>
    public long? AddressHolder(long id) => withoutAddress.TryGetValue(id, out var holder) ? holder : null;

    private void Judge(KeyClaim[] all, Func<KeyClaim, ulong> key, Dictionary<long, long> without)
    {
        Array.Sort(all, (a, b) =>
            key(a) != key(b) ? key(a).CompareTo(key(b))
            : a.IsProved != b.IsProved ? b.IsProved.CompareTo(a.IsProved)
            : a.SeenAt != b.SeenAt ? b.SeenAt.CompareTo(a.SeenAt)
            : a.Id.CompareTo(b.Id));
        var holder = 0;
        for (var i = 1; i < all.Length; i++)
        {
            if (key(all[i]) == 0 || key(all[i]) != key(all[holder]))
            {
                holder = i;
                continue;
            }
            without.Add(all[i].Id, all[holder].Id);
            contested.Add(all[i].Id);
            contested.Add(all[holder].Id);
        }
    }
}
