-- Who has a Spotify account, by its id: the import asks it of every page and of every user who changed (Import/Neighbours.cs).
-- The unique index of ids knows only rows without a subject.

-- Signing up with a provider waits while it is built: a second for a million identities.
create index identities_external_id on identities (provider, external_id) where external_id is not null;
