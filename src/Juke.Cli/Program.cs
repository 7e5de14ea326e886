using Juke.Cli;

return await Commands.RunAsync(args, Terminal.OfProcess());
