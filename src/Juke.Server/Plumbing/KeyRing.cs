using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Juke.Server.Plumbing;

/// <summary>
/// The Data Protection key ring (antiforgery, provider tokens) in the database, so that every server and every
/// restart shares it; encrypted with a key derived from JUKE_SECRETS, so that a copy of the database opens nothing.
/// </summary>
internal static class KeyRing
{
    public static void AddKeyRing(this IServiceCollection services)
    {
        services.AddDataProtection();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new Repository(provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<TimeProvider>());
            options.XmlEncryptor = new Encryptor(provider.GetRequiredService<Keys>());
        }));
        services.Configure<Microsoft.AspNetCore.DataProtection.DataProtectionOptions>(options => options.ApplicationDiscriminator = "juke");
    }

    /// <summary>The framework asks synchronously, at most once a day and at start.</summary>
    private sealed class Repository(NpgsqlDataSource database, TimeProvider time) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements()
        {
            using var connection = database.OpenConnection();
            return [.. connection.Query<string>("select element from data_protection_keys order by created_at").Select(XElement.Parse)];
        }

        public void StoreElement(XElement element, string friendlyName)
        {
            using var connection = database.OpenConnection();
            connection.Execute(
                "insert into data_protection_keys (name, element, created_at) values (@friendlyName, @element, @now)",
                new { friendlyName, element = element.ToString(SaveOptions.DisableFormatting), now = time.GetUtcNow() });
        }
    }

    private sealed class Encryptor(Keys keys) : IXmlEncryptor
    {
        public EncryptedXmlInfo Encrypt(XElement plaintextElement)
        {
            var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
            var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
            var sealedText = new byte[plain.Length];
            var tag = new byte[AesGcm.TagByteSizes.MaxSize];
            using var aes = new AesGcm(keys.Current(Keys.Purpose.KeyRing), tag.Length);
            aes.Encrypt(nonce, plain, sealedText, tag);
            return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String([.. nonce, .. tag, .. sealedText])), typeof(Decryptor));
        }
    }

    /// <summary>Made by the framework from the type name that stands in the stored element.</summary>
    internal sealed class Decryptor(IServiceProvider services) : IXmlDecryptor
    {
        public XElement Decrypt(XElement encryptedElement)
        {
            var all = Convert.FromBase64String(encryptedElement.Value);
            var nonceLength = AesGcm.NonceByteSizes.MaxSize;
            var tagLength = AesGcm.TagByteSizes.MaxSize;
            var plain = new byte[all.Length - nonceLength - tagLength];
            foreach (var key in services.GetRequiredService<Keys>().AllOf(Keys.Purpose.KeyRing))
            {
                using var aes = new AesGcm(key, tagLength);
                try
                {
                    aes.Decrypt(all.AsSpan(0, nonceLength), all.AsSpan(nonceLength + tagLength), all.AsSpan(nonceLength, tagLength), plain);
                    return XElement.Parse(Encoding.UTF8.GetString(plain));
                }
                catch (AuthenticationTagMismatchException)
                {
                    // An older secret sealed it; try the next.
                }
            }
            // The framework then leaves this key aside and makes a new one.
            throw new CryptographicException("No secret of JUKE_SECRETS opens this key of the ring.");
        }
    }
}
