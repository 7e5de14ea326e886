-- Accounts, their one profile, and their sessions (contract.md §2, §3, §5).
-- The database holds the invariants; the code explains them.

-- Rows made here count from 1,000,000,000, so that imported ids (all smaller) never collide.
create sequence users_id_seq as bigint start 1000000000;

create table users (
  id              bigint primary key default nextval('users_id_seq'),
  state           text not null default 'active' check (state in ('active', 'pending', 'disabled')),
  email           text,
  email_key       text,
  email_proved_at timestamptz,
  username        text,
  username_key    text,
  name            text,
  image           text,
  role            text not null default 'user' check (role in ('user', 'admin')),
  password_hash   text,
  created_at      timestamptz not null,
  last_sign_in_at timestamptz,
  constraint users_email_key_unique unique (email_key),
  constraint users_username_key_unique unique (username_key),
  -- A key without its text, or a proof without an address, would be a leftover of a half-done change.
  check (email_key is null or email is not null),
  check (username_key is null or username is not null),
  check (email_proved_at is null or email is not null)
);
alter sequence users_id_seq owned by users.id;
-- Sign-in looks for the exact text before the key; imported twins share a key but not the text.
create index users_username on users (username);

create table user_profiles (
  user_id             bigint primary key,
  onboarding_done     boolean not null default false,
  onboarding_done_at  timestamptz,
  level               integer not null default 1,
  daily_streak        integer not null default 0,
  last_claim_at       timestamptz,
  favourite_team_id   bigint,
  favourite_league_id bigint,
  constraint onboarding_done_has_a_date check (onboarding_done = (onboarding_done_at is not null)),
  constraint user_profiles_user foreign key (user_id) references users (id) on delete cascade deferrable initially deferred
);

-- The other direction: a transaction that leaves a user without a profile cannot commit, whoever wrote it.
alter table users add constraint users_have_a_profile
  foreign key (id) references user_profiles (user_id) deferrable initially deferred;

-- One row per sign-in. Nothing in it can be presented as a credential: the refresh token is an HMAC over
-- (key id, sid, gen, salt), the access token a JWT; cookies and Juke tokens are kept as their SHA-256.
create table sessions (
  sid              bytea primary key check (octet_length(sid) = 16),
  user_id          bigint not null references users (id) on delete cascade,
  kind             text not null check (kind in ('app', 'web', 'juke')),
  gen              integer not null default 1 check (gen >= 1),
  issued_at        timestamptz not null,
  confirmed        boolean not null default false,
  attempt_hash     bytea,
  salt             bytea not null check (octet_length(salt) = 16),
  secret_hash      bytea constraint sessions_secret_hash_unique unique,
  created_at       timestamptz not null,
  seen_at          timestamptz not null,
  idle_ends_at     timestamptz not null,
  absolute_ends_at timestamptz not null,
  ended_at         timestamptz,
  end_reason       text,
  device           text,
  address          text,
  check ((kind = 'app') = (secret_hash is null)),
  check ((ended_at is null) = (end_reason is null))
);
create index sessions_live_of_user on sessions (user_id) where ended_at is null;

-- The gate, written down once (contract.md §3): profile missing, or onboarding not done, or a username that is null or
-- only Unicode White_Space. Every query that asks "may this user pass" reads this view.
create view accounts as
select
  u.id, u.state, u.email, u.email_key, u.email_proved_at, u.username, u.username_key, u.name, u.image, u.role, u.password_hash,
  u.created_at, u.last_sign_in_at,
  p.level, p.daily_streak, p.last_claim_at, p.favourite_team_id, p.favourite_league_id,
  n.username_missing,
  (p.user_id is null or not p.onboarding_done or n.username_missing) as onboarding_required,
  -- Shown only when onboarding is not required (contract.md §6).
  case when p.onboarding_done and not n.username_missing then p.onboarding_done_at end as completed_at
from users u
left join user_profiles p on p.user_id = u.id
cross join lateral (
  select coalesce(btrim(u.username, U&'\0009\000A\000B\000C\000D\0020\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000') = '', true) as username_missing
) n;
