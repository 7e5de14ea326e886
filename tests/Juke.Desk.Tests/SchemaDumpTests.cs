using Juke.Desk.Postgres;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests;

public sealed class SchemaDumpTests
{
    [Fact]
    public void What_differs_between_machines_is_dropped_and_function_bodies_stay()
    {
        const string dump = """
            --
            -- PostgreSQL database dump
            --

            \restrict abc123

            -- Dumped from database version 15.18
            -- Dumped by pg_dump version 15.18

            SET statement_timeout = 0;
            SELECT pg_catalog.set_config('search_path', '', false);

            --
            -- Name: f(); Type: FUNCTION; Schema: public; Owner: -
            --

            CREATE FUNCTION public.f() RETURNS void
                AS $$
            --
            SET LOCAL x = 1;
            $$;


            CREATE TABLE public.t (
                a text   
            );


            --
            -- PostgreSQL database dump complete
            --

            \unrestrict abc123

            """;
        SchemaDump.Normalise(dump).ShouldBe("""
            CREATE FUNCTION public.f() RETURNS void
                AS $$
            --
            SET LOCAL x = 1;
            $$;

            CREATE TABLE public.t (
                a text
            );

            """);
    }

    [Fact]
    public async Task A_real_dump_holds_the_schema_and_nothing_else()
    {
        using var temporary = new TemporaryFolder();
        await using var cluster = await PostgresCluster.StartAsync(temporary.Path, durable: false);
        await cluster.CreateDatabaseAsync("empty");
        (await SchemaDump.ReadAsync(cluster, "empty")).ShouldBe("\n");
        await Should.ThrowAsync<DeskException>(() => SchemaDump.ReadAsync(cluster, "missing"));
    }
}
