using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Juke.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Plumbing;

/// <summary>What an operator of a production server gets to see, and what nobody may.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Production_exports_traces_and_metrics_logs_json_and_mails_into_its_folder()
    {
        await using var receiver = await Receiver.StartAsync();
        var folder = Directory.CreateTempSubdirectory("juke-mail-").FullName;
        try
        {
            await using var server = await ServerProcess.StartAsync(await TestCluster.NewDatabaseAsync(), change: e =>
            {
                e["JUKE_ENVIRONMENT"] = "production";
                e.Remove("JUKE_HASH_ITERATIONS");
                e["JUKE_MAIL"] = new Uri(folder).ToString();
                e["JUKE_PUBLIC_URL"] = "https://juke.example";
                e["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Url.ToString();
                e["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
                e["OTEL_METRIC_EXPORT_INTERVAL"] = "300";
                e["OTEL_BSP_SCHEDULE_DELAY"] = "300";
            });
            using var client = new TestClient(server.Url);
            var email = TestClient.NewEmail();
            (await client.RegisterAsync(email)).EnsureOk();
            var login = (await client.LoginAsync(email)).EnsureOk();
            (await client.LoginAsync(email, "not the password")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            (await client.GetAsync("/fixtures/upcoming")).Code.ShouldBe("ONBOARDING_REQUIRED");
            (await client.CompleteAsync()).EnsureOk();
            (await client.RefreshAsync()).EnsureOk();
            (await client.GetAsync("/health/live?token=" + client.RefreshToken)).EnsureOk();

            await receiver.UntilItHasAsync(
                "/v1/metrics", "juke.sign_ups", "juke.sign_ins", "juke.onboarding.completions", "juke.gate.refusals", "juke.refreshes", "advance", "http.server.request.duration", "db.client");
            await receiver.UntilItHasAsync("/v1/traces", "juke-server", "/auth/onboarding/complete", "/fixtures/upcoming", "postgresql");
            receiver.All.ShouldNotContain(client.RefreshToken!, customMessage: "a token in a query may be no attribute of a span");
            SecretWatch.Log(receiver.All);

            await UntilAsync(() => Directory.GetFiles(folder, "*.eml").Length > 0);
            await MailIsWholeAsync(Directory.GetFiles(folder, "*.eml")[0], email);

            var trace = login.Headers.GetValues("Trace-Id").Single();
            await UntilAsync(() => server.Lines.Any(l => l.Contains("Signed in: user", StringComparison.Ordinal)));
            server.Lines.ShouldContain(l => l.Contains("Signed in: user", StringComparison.Ordinal) && l.Contains(trace, StringComparison.Ordinal), "Trace-Id finds the lines of a request");
            foreach (var line in server.Lines)
            {
                using var json = JsonDocument.Parse(line);
                json.RootElement.GetProperty("Timestamp").GetString()!.ShouldEndWith("Z");
                json.RootElement.TryGetProperty("LogLevel", out _).ShouldBeTrue();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_watch_finds_a_secret_that_was_planted()
    {
        string[] lines = ["nothing here", "token=" + "planted-secret-1" + " in a query", "cut: planted-secr", "two planted-secret-2 planted-secret-1"];
        var leaks = SecretWatch.Find(["planted-secret-1", "planted-secret-2", "never-seen-secret"], lines);
        leaks.Count.ShouldBe(3);
        leaks.ShouldAllBe(l => l.StartsWith("plan…", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_watch_sees_what_the_servers_of_the_tests_log()
    {
        var before = (SecretWatch.LineCount, SecretWatch.SecretCount);
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        SecretWatch.LineCount.ShouldBeGreaterThan(before.LineCount);
        SecretWatch.SecretCount.ShouldBeGreaterThan(before.SecretCount);
    }

    private static async Task MailIsWholeAsync(string file, string email)
    {
        var text = "";
        await UntilAsync(() => (text = File.ReadAllText(file)).Contains("\r\n\r\n", StringComparison.Ordinal));
        var headers = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
        headers.ShouldContain("To: " + email);
        headers.ShouldContain(h => h.StartsWith("From: ", StringComparison.Ordinal) && h.Contains("no-reply@juke.example", StringComparison.Ordinal));
        headers.ShouldContain("Subject: Confirm your address for Juke");
        headers.ShouldContain(h => h.StartsWith("Content-Type: text/plain; charset=utf-8", StringComparison.Ordinal));
        headers.ShouldContain(h => h.StartsWith("Date: ", StringComparison.Ordinal));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!condition())
        {
            if (DateTime.UtcNow > deadline) throw new TimeoutException();
            await Task.Delay(20);
        }
    }

    /// <summary>A collector that keeps what it is sent. Names stand in protobuf as they are.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication app;
        private readonly ConcurrentQueue<(string Path, string Body)> received = new();

        private Receiver()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            app = builder.Build();
            app.Run(async http =>
            {
                using var bytes = new MemoryStream();
                await http.Request.Body.CopyToAsync(bytes);
                received.Enqueue((http.Request.Path, Encoding.Latin1.GetString(bytes.ToArray())));
            });
        }

        public Uri Url => new(app.Urls.Single());

        public string All => string.Join('\n', received.Select(r => r.Body));

        public static async Task<Receiver> StartAsync()
        {
            var receiver = new Receiver();
            await receiver.app.StartAsync();
            return receiver;
        }

        public async Task UntilItHasAsync(string path, params string[] names)
        {
            var deadline = DateTime.UtcNow.AddSeconds(60);
            while (true)
            {
                var all = string.Join('\n', received.Where(r => r.Path == path).Select(r => r.Body));
                var missing = names.Where(n => !all.Contains(n, StringComparison.Ordinal)).ToList();
                if (missing.Count == 0) return;
                if (DateTime.UtcNow > deadline) throw new TimeoutException($"{path} never had {string.Join(", ", missing)}");
                await Task.Delay(50);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}
