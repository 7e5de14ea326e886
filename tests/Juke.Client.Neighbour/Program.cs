using Juke.Client;

// Another app of the same person: starts again and again on a store that it shares. SERVER FILE COUNT; says "started" once it runs.
// Patient: a busy machine is not what it is about.
var (server, file, count) = (new Uri(args[0]), args[1], int.Parse(args[2]));
Console.WriteLine("started");
for (var i = 0; i < count; i++)
{
    await using var session = new Session(new SessionOptions { Server = server, Store = new FileTokenStore(file), Timeout = TimeSpan.FromMinutes(2) });
    await session.StartAsync();
    if (session.State.Status != SessionStatus.Authed) return 1;
}
return 0;
