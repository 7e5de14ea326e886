using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Juke.Desk.StandIns;

/// <summary>Pages of the stand-ins: plain HTML, no scripts, one look for both, so that nobody takes them for the real thing.</summary>
internal static class Page
{
    private const string Css = """
        :root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fbfaf7; --soft: #4a4a52; --line: #8a8a94; --button: #23306b; --on: #ffffff; --bad: #8c1d18 }
        @media (prefers-color-scheme: dark) { :root { --ink: #f1f0ee; --paper: #17171b; --soft: #c3c2ca; --line: #7d7d88; --button: #b9c4ff; --on: #14183a; --bad: #ffb4ab } }
        * { box-sizing: border-box }
        body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere }
        main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 3rem }
        h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .5rem }
        h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
        .banner { margin: 0; padding: .5rem 1rem; color: var(--on); background: var(--button); text-align: center }
        ul.people { list-style: none; margin: 1rem 0; padding: 0 }
        ul.people li { padding: .75rem 0; border-top: 1px solid var(--line) }
        ul.people p, .soft { margin: .25rem 0 0; color: var(--soft) }
        form { margin: 0 } .gap { margin-top: 1rem }
        button { min-height: 44px; max-width: 100%; overflow-wrap: anywhere; padding: .5rem 1rem; font: inherit; font-weight: 600; color: var(--on); background: var(--button); border: 0; border-radius: .4rem; cursor: pointer }
        input, select { min-height: 44px; max-width: 100%; padding: .4rem .6rem; font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: .4rem }
        input[type=checkbox] { width: 24px; min-height: 44px; margin: 0 .5rem 0 0; vertical-align: middle }
        label { display: block; margin: .5rem 0 }
        label > input:not([type=checkbox]), label > select { display: block; width: 22rem }
        a { color: inherit }
        :focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
        .bad { color: var(--bad) }
        """;

    /// <summary>Text as it may stand in HTML, in attributes too.</summary>
    public static string E(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    /// <summary>A whole page.</summary>
    /// <param name="context">The request that it answers.</param>
    /// <param name="service">Whom it stands in for.</param>
    /// <param name="title">The heading.</param>
    /// <param name="body">HTML, already escaped.</param>
    /// <param name="status">The status.</param>
    public static async Task WriteAsync(HttpContext context, string service, string title, string body, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{E(title)} – {E(service)} stand-in</title>
            <link rel="icon" href="data:,">
            <style>{Css}</style>
            </head>
            <body>
            <header><p class="banner">This is not {E(service)}. It is a stand-in on your own machine.</p></header>
            <main>
            <h1>{E(title)}</h1>
            {body}
            </main>
            </body>
            </html>
            """, context.RequestAborted);
    }

    /// <summary>What the service shows when it must not send the browser back: the text stands in the page, as the real one's does.</summary>
    public static Task RefuseAsync(HttpContext context, string service, string text, string why, int status = StatusCodes.Status400BadRequest) =>
        WriteAsync(context, service, "This app cannot sign you in", $"<p class=\"bad\"><strong>{E(text)}</strong></p>\n<p>{E(why)}</p>", status);
}
