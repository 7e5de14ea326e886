-- A name that somebody chooses is not the very text of another account's name (contract.md §2).

-- Only who holds the key can meet one: imported twins share the key, and whoever else wants the name fails at the key itself.
-- Answered as the key's violation, so that a name is taken in one way. The import does not ask: while the old system lives, two
-- people may come with one text, and then the passwords tell them apart.
create function username_free_for(owner bigint, wanted text) returns text language plpgsql as $$
begin
  if exists (select from users where username = wanted and id <> owner) then
    raise unique_violation using message = 'another account has this name', constraint = 'users_username_key_unique', table = 'users';
  end if;
  return wanted;
end $$;
