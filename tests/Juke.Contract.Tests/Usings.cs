global using Juke.Contract.Profiles;
global using Shouldly;
global using Xunit;
