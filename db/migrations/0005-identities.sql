-- How somebody signs in through a provider (identity), and what we may do there in their name (credential): two rows, because
-- a credential dies while the identity stays (contract.md §2, §4).
create table identities (
  user_id      bigint not null references users (id) on delete cascade,
  provider     text not null check (provider in ('spotify', 'google')),
  -- Google's sub; Spotify's account_id, null until Spotify first gives it.
  subject      text check (subject <> ''),
  -- Spotify's id: shown to people, and what a row without a subject is found by.
  external_id  text check (external_id <> ''),
  -- What the provider says of the person. Hints only: never looked up, never copied into users.email.
  email_hint   text,
  name_hint    text,
  image_hint   text,
  created_at   timestamptz not null,
  seen_at      timestamptz not null,
  primary key (user_id, provider),
  constraint identities_subject_unique unique (provider, subject),
  check (subject is not null or (provider = 'spotify' and external_id is not null))
);

-- An id names somebody only while the row has no subject: Spotify may give an id that was free to somebody else.
create unique index identities_external_id_unique on identities (provider, external_id) where subject is null;

-- Tokens are sealed with the Data Protection key ring. refresh_token null: "reconnect needed" once the access token is old.
create table credentials (
  user_id           bigint not null,
  provider          text not null,
  access_token      text,
  access_expires_at timestamptz,
  refresh_token     text,
  scopes            text[] not null default '{}',
  obtained_at       timestamptz not null,
  primary key (user_id, provider),
  foreign key (user_id, provider) references identities (user_id, provider) on delete cascade
);

-- One trip of a browser to a provider and back. The state in the address is the id; the row is taken once.
create table provider_trips (
  -- SHA-256 of the state.
  id           bytea primary key check (octet_length(id) = 32),
  provider     text not null check (provider in ('spotify', 'google')),
  purpose      text not null check (purpose in ('sign-in', 'connect')),
  -- SHA-256 of the cookie of the browser that set out.
  browser      bytea not null check (octet_length(browser) = 32),
  -- Who connects, and the session that asked: when it ends, so does the trip. Null when somebody signs in.
  user_id      bigint references users (id) on delete cascade,
  sid          bytea references sessions (sid) on delete cascade,
  -- Connecting by ?token=: the browser proved nothing yet, and a person has to confirm.
  must_confirm boolean not null default false,
  -- Which callback the provider was told (the old path or ours).
  redirect_uri text not null,
  -- Where to go afterwards; checked when it was stored.
  return_to    text,
  -- Sealed: what the provider said, while a person is asked to confirm.
  answer       text,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  check ((purpose = 'connect') = (user_id is not null)),
  check ((purpose = 'connect') = (sid is not null))
);

create index provider_trips_old on provider_trips (expires_at);
