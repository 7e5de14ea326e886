-- What shipped Juke apps need beside the core (contract.md §2, §7; legacy-wire.md A.2, A.7).

-- The link of a Juke registration leads to the page of the app that asked for it; null: to ours.
alter table email_tokens
  add column origin text,
  drop constraint email_tokens_purpose_check,
  add constraint email_tokens_purpose_check check (purpose in ('verify', 'reset', 'registration'));

-- Searching people: a part of a name, however it is written. Trusted since PostgreSQL 13: the owner of the database may do it.
create extension if not exists pg_trgm;
create index users_username_parts on users using gin (username gin_trgm_ops) where state = 'active';
create index user_profiles_display_name_parts on user_profiles using gin (display_name gin_trgm_ops) where display_name <> '';

-- The globe: whoever has a place, the loudest first.
create index user_profiles_globe on user_profiles (clout desc, user_id) include (city_lat, city_lng) where city_lat is not null;

-- Who is there now, and everybody in order.
create index sessions_seen on sessions (seen_at) where ended_at is null;
create index users_named on users (id) where state = 'active' and username is not null;
