-- Upcoming fixtures for the home screen (legacy-wire.md B.4). The blocks are stored as they are shown.
create table fixtures (
  id         bigint primary key,
  name       text not null,
  kickoff_at timestamptz not null,
  state      text not null,
  stage      text,
  round      text,
  leg        text,
  league_id  bigint,
  league     jsonb,
  home_team  jsonb,
  away_team  jsonb,
  country    jsonb,
  odds       jsonb not null default '[]'
);
create index fixtures_upcoming on fixtures (kickoff_at, id) where state = 'NS';
