using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Juke.Conformance;

/// <summary>The app's side of the channel, for apps in .NET: asks for commands, hands them on, sends the answers back.</summary>
public static class KitLoop
{
    /// <summary>Until the kit says <see cref="AppCommand.End"/>, or the kit is gone.</summary>
    /// <param name="kit">Address of the kit.</param>
    /// <param name="handle">Carries a command out, or begins to, and gives the members of the answer.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task RunAsync(Uri kit, Func<JsonObject, Task<JsonObject>> handle, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        using var http = new HttpClient { BaseAddress = kit, Timeout = TimeSpan.FromMinutes(1) };
        while (!cancellation.IsCancellationRequested)
        {
            using var reply = await http.GetAsync(new Uri("/kit/next", UriKind.Relative), cancellation);
            if (reply.StatusCode == HttpStatusCode.NoContent) continue;
            var command = await reply.Content.ReadFromJsonAsync<JsonObject>(cancellation) ?? [];
            var isEnd = (string?)command["do"] == AppCommand.End;
            var answer = isEnd ? [] : await handle(command);
            answer["id"] = command["id"]?.DeepClone();
            using var done = await http.PostAsJsonAsync(new Uri("/kit/done", UriKind.Relative), answer, cancellation);
            if (isEnd) return;
        }
    }
}
