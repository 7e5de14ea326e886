-- The music profile, in the same row as the gate (contract.md §2, §7). Every column has a constant default or is nullable, so
-- that adding it rewrites nothing and locks the table for a moment only.
alter table user_profiles
  add column name             text,
  add column display_name     text not null default '',
  add column tagline          text not null default '',
  add column bio              text not null default '',
  add column location         text not null default '',
  add column avatar_url       text not null default '',
  add column favorite_genres  text[] not null default '{}',
  add column favorite_artists text[] not null default '{}',
  add column favorite_albums  text[] not null default '{}',
  add column favorite_tracks  text[] not null default '{}',
  add column city_lat         double precision,
  add column city_lng         double precision,
  add column custom_data      jsonb not null default '{}',
  add column clout            double precision not null default 0,
  -- Null: when the account was made.
  add column created_at       timestamptz,
  add column modified_at      timestamptz,
  -- Counts the changes that a reader can see: the ETag.
  add column revision         integer not null default 1,
  -- Steps of onboarding that the person passed over; they are not asked again.
  add column skipped_steps    text[] not null default '{}';

-- No row breaks these: their columns were just added. NOT VALID keeps the table unlocked while they are written down.
alter table user_profiles
  add constraint city_is_both_or_neither check ((city_lat is null) = (city_lng is null)) not valid,
  add constraint city_is_on_earth check (city_lat between -90 and 90 and city_lng between -180 and 180) not valid,
  add constraint custom_data_is_an_object check (jsonb_typeof(custom_data) = 'object') not valid;
alter table user_profiles validate constraint city_is_both_or_neither;
alter table user_profiles validate constraint city_is_on_earth;
alter table user_profiles validate constraint custom_data_is_an_object;
