CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE FUNCTION public.forget_username_twin() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if new.username_key is not null or new.username is null
     or (new.username is distinct from old.username and new.username_twin_key is not distinct from old.username_twin_key) then
    new.username_twin_key := null;
  end if;
  return new;
end $$;

CREATE FUNCTION public.hand_on_username_key() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  update users set username_key = old.username_key
   where id = (
     select id from users where username_twin_key = old.username_key
      order by state = 'active' desc, email_proved_at is not null desc, last_sign_in_at desc nulls last, id
      limit 1 for update);
  return null;
end $$;

CREATE FUNCTION public.username_free_for(owner bigint, wanted text) RETURNS text
    LANGUAGE plpgsql
    AS $$
begin
  if exists (select from users where username = wanted and id <> owner) then
    raise unique_violation using message = 'another account has this name', constraint = 'users_username_key_unique', table = 'users';
  end if;
  return wanted;
end $$;

CREATE TABLE public.user_profiles (
    user_id bigint NOT NULL,
    onboarding_done boolean DEFAULT false NOT NULL,
    onboarding_done_at timestamp with time zone,
    level integer DEFAULT 1 NOT NULL,
    daily_streak integer DEFAULT 0 NOT NULL,
    last_claim_at timestamp with time zone,
    favourite_team_id bigint,
    favourite_league_id bigint,
    name text,
    display_name text DEFAULT ''::text NOT NULL,
    tagline text DEFAULT ''::text NOT NULL,
    bio text DEFAULT ''::text NOT NULL,
    location text DEFAULT ''::text NOT NULL,
    avatar_url text DEFAULT ''::text NOT NULL,
    favorite_genres text[] DEFAULT '{}'::text[] NOT NULL,
    favorite_artists text[] DEFAULT '{}'::text[] NOT NULL,
    favorite_albums text[] DEFAULT '{}'::text[] NOT NULL,
    favorite_tracks text[] DEFAULT '{}'::text[] NOT NULL,
    city_lat double precision,
    city_lng double precision,
    custom_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    clout double precision DEFAULT 0 NOT NULL,
    created_at timestamp with time zone,
    modified_at timestamp with time zone,
    revision integer DEFAULT 1 NOT NULL,
    skipped_steps text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT city_is_both_or_neither CHECK (((city_lat IS NULL) = (city_lng IS NULL))),
    CONSTRAINT city_is_on_earth CHECK ((((city_lat >= ('-90'::integer)::double precision) AND (city_lat <= (90)::double precision)) AND ((city_lng >= ('-180'::integer)::double precision) AND (city_lng <= (180)::double precision)))),
    CONSTRAINT custom_data_is_an_object CHECK ((jsonb_typeof(custom_data) = 'object'::text)),
    CONSTRAINT onboarding_done_has_a_date CHECK ((onboarding_done = (onboarding_done_at IS NOT NULL)))
);

CREATE TABLE public.users (
    id bigint NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    email text,
    email_key text,
    email_proved_at timestamp with time zone,
    username text,
    username_key text,
    name text,
    image text,
    role text DEFAULT 'user'::text NOT NULL,
    password_hash text,
    created_at timestamp with time zone NOT NULL,
    last_sign_in_at timestamp with time zone,
    username_twin_key text,
    password_set_at timestamp with time zone,
    CONSTRAINT username_twin_holds_no_key CHECK (((username_twin_key IS NULL) OR ((username_key IS NULL) AND (username IS NOT NULL)))),
    CONSTRAINT users_check CHECK (((email_key IS NULL) OR (email IS NOT NULL))),
    CONSTRAINT users_check1 CHECK (((username_key IS NULL) OR (username IS NOT NULL))),
    CONSTRAINT users_check2 CHECK (((email_proved_at IS NULL) OR (email IS NOT NULL))),
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['user'::text, 'admin'::text]))),
    CONSTRAINT users_state_check CHECK ((state = ANY (ARRAY['active'::text, 'pending'::text, 'disabled'::text])))
);

CREATE VIEW public.accounts AS
 SELECT u.id,
    u.state,
    u.email,
    u.email_key,
    u.email_proved_at,
    u.username,
    u.username_key,
    u.name,
    u.image,
    u.role,
    u.password_hash,
    u.created_at,
    u.last_sign_in_at,
    p.level,
    p.daily_streak,
    p.last_claim_at,
    p.favourite_team_id,
    p.favourite_league_id,
    n.username_missing,
    ((p.user_id IS NULL) OR (NOT p.onboarding_done) OR n.username_missing) AS onboarding_required,
        CASE
            WHEN (p.onboarding_done AND (NOT n.username_missing)) THEN p.onboarding_done_at
            ELSE NULL::timestamp with time zone
        END AS completed_at
   FROM ((public.users u
     LEFT JOIN public.user_profiles p ON ((p.user_id = u.id)))
     CROSS JOIN LATERAL ( SELECT COALESCE((btrim(u.username, '

  　'::text) = ''::text), true) AS username_missing) n);

CREATE TABLE public.credentials (
    user_id bigint NOT NULL,
    provider text NOT NULL,
    access_token text,
    access_expires_at timestamp with time zone,
    refresh_token text,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    obtained_at timestamp with time zone NOT NULL
);

CREATE TABLE public.data_protection_keys (
    name text NOT NULL,
    element text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.email_tokens (
    id bytea NOT NULL,
    user_id bigint NOT NULL,
    purpose text NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    origin text,
    CONSTRAINT email_tokens_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT email_tokens_purpose_check CHECK ((purpose = ANY (ARRAY['verify'::text, 'reset'::text, 'registration'::text])))
);

CREATE TABLE public.fixtures (
    id bigint NOT NULL,
    name text NOT NULL,
    kickoff_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    stage text,
    round text,
    leg text,
    league_id bigint,
    league jsonb,
    home_team jsonb,
    away_team jsonb,
    country jsonb,
    odds jsonb DEFAULT '[]'::jsonb NOT NULL
);

CREATE TABLE public.identities (
    user_id bigint NOT NULL,
    provider text NOT NULL,
    subject text,
    external_id text,
    email_hint text,
    name_hint text,
    image_hint text,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT identities_check CHECK (((subject IS NOT NULL) OR ((provider = 'spotify'::text) AND (external_id IS NOT NULL)))),
    CONSTRAINT identities_external_id_check CHECK ((external_id <> ''::text)),
    CONSTRAINT identities_provider_check CHECK ((provider = ANY (ARRAY['spotify'::text, 'google'::text]))),
    CONSTRAINT identities_subject_check CHECK ((subject <> ''::text))
);

CREATE TABLE public.import_remarks (
    user_id bigint NOT NULL,
    kind text NOT NULL,
    field text NOT NULL,
    raw text,
    reason text NOT NULL,
    CONSTRAINT import_remarks_kind_check CHECK ((kind = ANY (ARRAY['aside'::text, 'conflict'::text, 'rejected'::text])))
);

CREATE TABLE public.imported_users (
    id bigint NOT NULL,
    source_hash bytea NOT NULL,
    taken bytea NOT NULL,
    written bytea NOT NULL,
    token_hash bytea
);

CREATE TABLE public.mails (
    id bigint NOT NULL,
    kind text NOT NULL,
    address text NOT NULL,
    user_id bigint NOT NULL,
    token_id bytea,
    created_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_try_at timestamp with time zone NOT NULL
);

ALTER TABLE public.mails ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.mails_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.provider_trips (
    id bytea NOT NULL,
    provider text NOT NULL,
    purpose text NOT NULL,
    browser bytea NOT NULL,
    user_id bigint,
    sid bytea,
    must_confirm boolean DEFAULT false NOT NULL,
    redirect_uri text NOT NULL,
    return_to text,
    answer text,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT provider_trips_browser_check CHECK ((octet_length(browser) = 32)),
    CONSTRAINT provider_trips_check CHECK (((purpose = 'connect'::text) = (user_id IS NOT NULL))),
    CONSTRAINT provider_trips_check1 CHECK (((purpose = 'connect'::text) = (sid IS NOT NULL))),
    CONSTRAINT provider_trips_id_check CHECK ((octet_length(id) = 32)),
    CONSTRAINT provider_trips_provider_check CHECK ((provider = ANY (ARRAY['spotify'::text, 'google'::text]))),
    CONSTRAINT provider_trips_purpose_check CHECK ((purpose = ANY (ARRAY['sign-in'::text, 'connect'::text])))
);

CREATE TABLE public.schema_migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone NOT NULL
);

CREATE TABLE public.sessions (
    sid bytea NOT NULL,
    user_id bigint NOT NULL,
    kind text NOT NULL,
    gen integer DEFAULT 1 NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    confirmed boolean DEFAULT false NOT NULL,
    attempt_hash bytea,
    salt bytea NOT NULL,
    secret_hash bytea,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    idle_ends_at timestamp with time zone NOT NULL,
    absolute_ends_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    end_reason text,
    device text,
    address text,
    by_bare_token boolean DEFAULT false NOT NULL,
    CONSTRAINT sessions_check CHECK (((kind = 'app'::text) = (secret_hash IS NULL))),
    CONSTRAINT sessions_check1 CHECK (((ended_at IS NULL) = (end_reason IS NULL))),
    CONSTRAINT sessions_gen_check CHECK ((gen >= 1)),
    CONSTRAINT sessions_kind_check CHECK ((kind = ANY (ARRAY['app'::text, 'web'::text, 'juke'::text]))),
    CONSTRAINT sessions_salt_check CHECK ((octet_length(salt) = 16)),
    CONSTRAINT sessions_sid_check CHECK ((octet_length(sid) = 16))
);

CREATE SEQUENCE public.users_id_seq
    START WITH 1000000000
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;

ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);

ALTER TABLE ONLY public.credentials
    ADD CONSTRAINT credentials_pkey PRIMARY KEY (user_id, provider);

ALTER TABLE ONLY public.data_protection_keys
    ADD CONSTRAINT data_protection_keys_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.email_tokens
    ADD CONSTRAINT email_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.fixtures
    ADD CONSTRAINT fixtures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.identities
    ADD CONSTRAINT identities_pkey PRIMARY KEY (user_id, provider);

ALTER TABLE ONLY public.identities
    ADD CONSTRAINT identities_subject_unique UNIQUE (provider, subject);

ALTER TABLE ONLY public.imported_users
    ADD CONSTRAINT imported_users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.mails
    ADD CONSTRAINT mails_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.provider_trips
    ADD CONSTRAINT provider_trips_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (sid);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_secret_hash_unique UNIQUE (secret_hash);

ALTER TABLE ONLY public.user_profiles
    ADD CONSTRAINT user_profiles_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key_unique UNIQUE (email_key);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_username_key_unique UNIQUE (username_key);

CREATE INDEX email_tokens_open_of_user ON public.email_tokens USING btree (user_id, purpose) WHERE (used_at IS NULL);

CREATE INDEX fixtures_upcoming ON public.fixtures USING btree (kickoff_at, id) WHERE (state = 'NS'::text);

CREATE INDEX identities_external_id ON public.identities USING btree (provider, external_id) WHERE (external_id IS NOT NULL);

CREATE UNIQUE INDEX identities_external_id_unique ON public.identities USING btree (provider, external_id) WHERE (subject IS NULL);

CREATE INDEX import_remarks_of_user ON public.import_remarks USING btree (user_id);

CREATE INDEX mails_due ON public.mails USING btree (next_try_at);

CREATE INDEX provider_trips_old ON public.provider_trips USING btree (expires_at);

CREATE INDEX sessions_live_of_user ON public.sessions USING btree (user_id) WHERE (ended_at IS NULL);

CREATE INDEX sessions_seen ON public.sessions USING btree (seen_at) WHERE (ended_at IS NULL);

CREATE INDEX user_profiles_display_name_parts ON public.user_profiles USING gin (display_name public.gin_trgm_ops) WHERE (display_name <> ''::text);

CREATE INDEX user_profiles_globe ON public.user_profiles USING btree (clout DESC, user_id) INCLUDE (city_lat, city_lng) WHERE (city_lat IS NOT NULL);

CREATE INDEX users_named ON public.users USING btree (id) WHERE ((state = 'active'::text) AND (username IS NOT NULL));

CREATE INDEX users_username ON public.users USING btree (username);

CREATE INDEX users_username_parts ON public.users USING gin (username public.gin_trgm_ops) WHERE (state = 'active'::text);

CREATE INDEX users_username_twin_key ON public.users USING btree (username_twin_key) WHERE (username_twin_key IS NOT NULL);

CREATE TRIGGER username_key_handed_on_at_deletion AFTER DELETE ON public.users FOR EACH ROW WHEN ((old.username_key IS NOT NULL)) EXECUTE FUNCTION public.hand_on_username_key();

CREATE TRIGGER username_key_handed_on_at_rename AFTER UPDATE OF username_key ON public.users FOR EACH ROW WHEN (((old.username_key IS NOT NULL) AND (new.username_key IS DISTINCT FROM old.username_key))) EXECUTE FUNCTION public.hand_on_username_key();

CREATE TRIGGER username_twin_forgotten BEFORE UPDATE OF username, username_key ON public.users FOR EACH ROW WHEN ((old.username_twin_key IS NOT NULL)) EXECUTE FUNCTION public.forget_username_twin();

ALTER TABLE ONLY public.credentials
    ADD CONSTRAINT credentials_user_id_provider_fkey FOREIGN KEY (user_id, provider) REFERENCES public.identities(user_id, provider) ON DELETE CASCADE;

ALTER TABLE ONLY public.email_tokens
    ADD CONSTRAINT email_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.identities
    ADD CONSTRAINT identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mails
    ADD CONSTRAINT mails_token_id_fkey FOREIGN KEY (token_id) REFERENCES public.email_tokens(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mails
    ADD CONSTRAINT mails_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.provider_trips
    ADD CONSTRAINT provider_trips_sid_fkey FOREIGN KEY (sid) REFERENCES public.sessions(sid) ON DELETE CASCADE;

ALTER TABLE ONLY public.provider_trips
    ADD CONSTRAINT provider_trips_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_profiles
    ADD CONSTRAINT user_profiles_user FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_have_a_profile FOREIGN KEY (id) REFERENCES public.user_profiles(user_id) DEFERRABLE INITIALLY DEFERRED;
