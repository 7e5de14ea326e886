-- A session that a bare access token of Spotify opened: any app's token would have done (decision 17), so it never gets what was
-- granted to Juke alone. Rows that are older count as opened by a code; nothing tells them apart.
alter table sessions add column by_bare_token boolean not null default false;
