using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Ledger.Tests;

/// <summary>The document and its viewer over HTTP, as a browser gets them.</summary>
public sealed class PublishedTests(ServedContract served)
{
    [Fact]
    public async Task The_document_is_open_to_everybody_and_sent_once()
    {
        using var client = served.Server.NewClient();
        var reply = (await client.GetAsync("/openapi/v1.json")).EnsureOk();
        reply.ContentHeaders.ContentType!.MediaType.ShouldBe("application/json");
        reply.Json["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        var tag = reply.Headers.ETag.ShouldNotBeNull();
        (await client.SendAsync(HttpMethod.Get, "/openapi/v1.json", change: r => r.Headers.IfNoneMatch.Add(tag))).Status.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_browser_of_a_listed_origin_may_send_every_header_that_the_document_lists()
    {
        var listed = served.Operations.SelectMany(o => o.Parameters).Where(p => (string?)p["in"] == "header").Select(p => (string)p["name"]!).Distinct().ToList();
        listed.ShouldContain("If-None-Match");
        using var client = served.Server.NewClient();
        var reply = await client.SendAsync(HttpMethod.Options, "/api/v1/music-profiles/me/", change: r =>
        {
            r.Headers.Add("Origin", "https://app.example");
            r.Headers.Add("Access-Control-Request-Method", "GET");
            r.Headers.Add("Access-Control-Request-Headers", string.Join(',', listed));
        });
        var allowed = string.Join(',', reply.Headers.GetValues("Access-Control-Allow-Headers")).Split(',', StringSplitOptions.TrimEntries);
        listed.Except(allowed, StringComparer.OrdinalIgnoreCase).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_viewer_runs_under_the_same_policy_as_every_page_with_files_of_ours_alone()
    {
        using var client = served.Server.NewClient();
        var page = (await client.GetAsync("/docs")).EnsureOk();
        page.ContentHeaders.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldBe((await client.GetAsync("/health/live")).Headers.GetValues("Content-Security-Policy").Single());
        policy.ShouldNotContain("unsafe");
        Regex.IsMatch(page.Body, @"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|https?://", RegexOptions.IgnoreCase).ShouldBeFalse("Nothing inline, nothing from elsewhere.");

        var files = Regex.Matches(page.Body, """(?:src|href)="(/docs/[^"]+)""" + "\"").Select(m => m.Groups[1].Value).ToList();
        files.ShouldContain("/docs/swagger-ui-bundle.js");
        foreach (var file in files)
        {
            var reply = (await client.GetAsync(file)).EnsureOk();
            reply.ContentHeaders.ContentType!.MediaType.ShouldBe(file.EndsWith(".css", StringComparison.Ordinal) ? "text/css" : "text/javascript");
            reply.Body.Length.ShouldBeGreaterThan(50);
        }
        (await client.GetAsync("/docs/docs.js")).Body.ShouldContain("\"/openapi/v1.json\"");
        (await client.GetAsync("/docs/nothing.js")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync("/docs/..%2fappsettings.json")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_big_files_travel_zipped_to_whom_can_unzip()
    {
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(served.Server.Url, "/docs/swagger-ui-bundle.js"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var reply = await client.SendAsync(request);
        reply.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        reply.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        using var unzipped = new StreamReader(new GZipStream(await reply.Content.ReadAsStreamAsync(), CompressionMode.Decompress));
        (await unzipped.ReadToEndAsync()).ShouldContain("SwaggerUIBundle");
    }
}
