-- What the import of the old Juke needs to be run again and again while both systems live (docs/migration.md), and the names
-- of imported case twins.

-- The key that an imported case twin would hold if another did not (contract.md §2). Who holds the key hands it on, below, so
-- that a name with a twin is never free for anybody else.
alter table users add column username_twin_key text;
alter table users add constraint username_twin_holds_no_key
  check (username_twin_key is null or (username_key is null and username is not null)) not valid;
alter table users validate constraint username_twin_holds_no_key;
create index users_username_twin_key on users (username_twin_key) where username_twin_key is not null;

-- When the person last set the password here. A newer hash of the same password does not count: the import takes a password
-- that was changed in the old system over one that was only hashed anew.
alter table users add column password_set_at timestamptz;

-- A twin that gets a key, or another name, waits for nothing any more.
create function forget_username_twin() returns trigger language plpgsql as $$
begin
  if new.username_key is not null or new.username is null
     or (new.username is distinct from old.username and new.username_twin_key is not distinct from old.username_twin_key) then
    new.username_twin_key := null;
  end if;
  return new;
end $$;

create trigger username_twin_forgotten before update of username, username_key on users
  for each row when (old.username_twin_key is not null) execute function forget_username_twin();

-- In the transaction that gives the key up: who wants the name waits for its end, and then finds the twin holding it.
create function hand_on_username_key() returns trigger language plpgsql as $$
begin
  update users set username_key = old.username_key
   where id = (
     select id from users where username_twin_key = old.username_key
      order by state = 'active' desc, email_proved_at is not null desc, last_sign_in_at desc nulls last, id
      limit 1 for update);
  return null;
end $$;

create trigger username_key_handed_on_at_rename after update of username_key on users
  for each row when (old.username_key is not null and new.username_key is distinct from old.username_key) execute function hand_on_username_key();
create trigger username_key_handed_on_at_deletion after delete on users
  for each row when (old.username_key is not null) execute function hand_on_username_key();

-- What the import has taken. No foreign key: who was deleted here is not to come back.
create table imported_users (
  id          bigint primary key,
  -- SHA-256 of the old rows as they were last looked at: equal means that there is nothing to do.
  source_hash bytea not null,
  -- 8 bytes a field (Import/Fingerprint): the old values last taken, and the values that were written for them.
  taken       bytea not null,
  written     bytea not null,
  -- SHA-256 of the old token that became a session here.
  token_hash  bytea
);

-- Old values that have no place here, beside the account and never dropped. Values of provider links are sealed.
create table import_remarks (
  user_id bigint not null,
  -- aside: did not fit; conflict: changed there and here, here won; rejected: not brought over.
  kind    text not null check (kind in ('aside', 'conflict', 'rejected')),
  field   text not null,
  raw     text,
  reason  text not null
);
create index import_remarks_of_user on import_remarks (user_id);
