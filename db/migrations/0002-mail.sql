-- Links that are mailed, and the mails that wait to be sent.

-- The link's secret is an HMAC over the id: neither key nor database alone makes one, and none is stored.
create table email_tokens (
  id         bytea primary key check (octet_length(id) = 16),
  user_id    bigint not null references users (id) on delete cascade,
  purpose    text not null check (purpose in ('verify', 'reset')),
  email      text not null,
  email_key  text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index email_tokens_open_of_user on email_tokens (user_id, purpose) where used_at is null;

-- Outbox: written in the transaction that causes the mail, emptied by the mail worker of any server.
create table mails (
  id          bigint generated always as identity primary key,
  kind        text not null,
  address     text not null,
  user_id     bigint not null references users (id) on delete cascade,
  token_id    bytea references email_tokens (id) on delete cascade,
  created_at  timestamptz not null,
  attempts    integer not null default 0,
  next_try_at timestamptz not null
);
create index mails_due on mails (next_try_at);

-- ASP.NET Data Protection key ring, shared by all servers; each element is encrypted with a key derived from JUKE_SECRETS.
create table data_protection_keys (
  name       text primary key,
  element    text not null,
  created_at timestamptz not null
);
