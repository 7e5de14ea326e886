// A client of Juke in one file, by hand and without packages, and the loop in which the kit plays it:
//   juke conformance -- node docs/samples/client.mjs
// The rules R1 to R10 are those of docs/how-to/build-a-client.md.

/** R1: what a screen of this kind does now. */
export function route(status, onboardingRequired, kind) {
  if (kind === 'public') return 'show';
  if (status === 'loading') return 'wait';
  if (status === 'guest') return kind === 'auth' ? 'show' : 'login';
  if (kind === 'signedIn') return 'show';
  if (kind === 'onboarding') return onboardingRequired ? 'show' : 'home';
  if (kind === 'auth') return onboardingRequired ? 'onboarding' : 'home';
  return onboardingRequired ? 'onboarding' : 'show';
}

/** No answer, or one that says "later": nobody is signed out for it. */
class Later extends Error {
  constructor(status, seconds) {
    super('later');
    this.status = status;
    this.seconds = seconds;
  }
}

/** An answer that lacks what was promised is somebody else's: of a network that wants to be paid, say. */
const isPair = (answer) => [answer?.accessToken, answer?.refreshToken].every((t) => typeof t === 'string' && t) && answer.expiresIn > 0;
const isUser = (answer) => typeof answer?.id === 'number' && typeof answer.onboardingRequired === 'boolean';

/** R9: 128 random bits; a UUID has six less. */
const newAttempt = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export class Session {
  status = 'loading';
  user = null;
  #access = null; // R7: in memory only.
  #renewIn = 0; // Seconds from the last answer.
  #ends = 0;
  #notBefore = 0; // R6: what Retry-After asked for.
  #refreshing = null;
  #closed = new AbortController();

  /** store: an object that outlives the app, { refreshToken, attempt }. clock: now(), sleep(seconds). */
  constructor(server, store, clock) {
    Object.assign(this, { server, store, clock });
  }

  /** R2, R6: refresh, then /auth/me; again and again while the network fails. */
  async start() {
    if (!this.store.refreshToken) return void (this.status = 'guest');
    for (let wait = 1; this.status === 'loading' && !this.#closed.signal.aborted; wait = Math.min(wait * 2, 60)) {
      try {
        await this.#askWho();
        if (this.status === 'authed') this.#tend();
      } catch (e) {
        if (!(e instanceof Later)) return;
        await this.clock.sleep(Math.max(wait * (0.5 + Math.random() / 2), e.seconds ?? 0));
      }
    }
  }

  /** A screen's call; its status. R4 and R5 happen in here. */
  async call(method, path, body, signal) {
    const user = this.user;
    const [status, answer] = await this.#send(method, path, body, signal);
    if (status === 403 && answer?.code === 'ONBOARDING_REQUIRED' && user === this.user) {
      this.user = { ...this.user, onboardingRequired: true };
      await this.#askWho().catch(() => {});
    }
    if (status === 200 && path === '/auth/onboarding/complete') await this.#askWho().catch(() => {}); // R8
    return status;
  }

  async signIn(emailOrUsername, password) {
    const gone = this.#closed.signal;
    const [status, answer] = await this.#exchange('POST', '/auth/login', { emailOrUsername, password }, null, gone);
    if (status !== 200) return status;
    if (!isPair(answer) || !isUser(answer.user)) throw new Later();
    this.#keep(answer);
    [this.status, this.user] = ['authed', answer.user];
    this.#tend();
    return status;
  }

  /** R10: forget first, then tell the server, and never fail. */
  async signOut() {
    const { refreshToken } = this.store;
    this.#forget();
    if (refreshToken) await this.#exchange('POST', '/auth/logout', { refreshToken }, null).catch(() => {});
  }

  /** The app is killed. */
  close() {
    this.#closed.abort();
  }

  /** Good advice: a new token ahead of the end of the old one, so that no screen waits. */
  async #tend() {
    const gone = this.#closed.signal;
    for (let wait = this.#renewIn, failures = 0; ; ) {
      await this.clock.sleep(wait);
      if (gone.aborted) return;
      try {
        await this.#refreshed();
        [wait, failures] = [this.#renewIn, 0];
      } catch (e) {
        wait = Math.max(Math.min(2 ** ++failures, 60), e.seconds ?? 0);
      }
    }
  }

  async #askWho() {
    const gone = this.#closed.signal;
    const [status, user] = await this.#send('GET', '/auth/me', undefined, gone);
    if (gone.aborted) return;
    if (status !== 200 || !isUser(user)) throw new Later(status);
    [this.status, this.user] = ['authed', user];
  }

  async #send(method, path, body, signal) {
    const gone = this.#closed.signal;
    let token = this.clock.now() < this.#ends ? this.#access : await this.#refreshed(signal);
    if (!token) return [401];
    let [status, answer] = await this.#exchange(method, path, body, token, signal);
    if (status !== 401 || answer?.code !== 'UNAUTHORIZED' || gone.aborted) return [status, answer];
    token = this.#access !== token ? this.#access : await this.#refreshed(signal);
    if (!token) return [401];
    [status, answer] = await this.#exchange(method, path, body, token, signal);
    if (status === 401 && answer?.code === 'UNAUTHORIZED' && !gone.aborted) this.#forget();
    return [status, answer];
  }

  /** R3: one for all who wait; who stops waiting stops alone. */
  #refreshed(signal) {
    const left = this.#notBefore - this.clock.now();
    if (!this.#refreshing && left > 0) return Promise.reject(new Later(undefined, left));
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = null));
    if (!signal) return this.#refreshing;
    const stopped = new Promise((_, stop) => signal.addEventListener('abort', () => stop(new DOMException('cancelled', 'AbortError'))));
    return Promise.race([this.#refreshing, stopped]);
  }

  async #refresh() {
    const gone = this.#closed.signal;
    const { store } = this;
    if (!store.refreshToken) return null;
    store.attempt ??= newAttempt(); // R9: stored before it is sent.
    const [status, answer, seconds] = await this.#exchange('POST', '/auth/refresh', { refreshToken: store.refreshToken, attempt: store.attempt }, null);
    if (gone.aborted) return null;
    if (status === 401 && answer?.code) return void this.#forget(); // Juke's own word; a proxy knows nothing of tokens.
    this.#notBefore = this.clock.now() + (seconds ?? 0);
    if (status !== 200 || !isPair(answer)) throw new Later(undefined, seconds);
    this.#keep(answer);
    return this.#access;
  }

  #keep({ refreshToken, accessToken, expiresIn }) {
    this.store.refreshToken = refreshToken; // R9: stored before anything is done with the other.
    delete this.store.attempt;
    this.#access = accessToken;
    this.#ends = this.clock.now() + expiresIn - 20; // An answer takes 15 s at most.
    this.#renewIn = expiresIn * (0.75 + Math.random() / 10); // Not the same moment for everybody.
  }

  #forget() {
    this.#closed.abort(); // What is on its way means nothing any more.
    this.#closed = new AbortController();
    for (const key of Object.keys(this.store)) delete this.store[key];
    [this.status, this.user, this.#access, this.#refreshing] = ['guest', null, null, null];
  }

  async #exchange(method, path, body, token, signal) {
    const gone = this.#closed.signal;
    const patience = new AbortController();
    this.clock.sleep(15).then(() => patience.abort());
    try {
      const reply = await fetch(this.server + path, {
        method,
        headers: { ...(body && { 'Content-Type': 'application/json' }), ...(token && { Authorization: `Bearer ${token}` }) },
        body: body && JSON.stringify(body),
        signal: AbortSignal.any([patience.signal, path === '/auth/logout' ? patience.signal : gone, ...(signal ? [signal] : [])]),
      });
      const text = await reply.text();
      return [reply.status, text ? JSON.parse(text) : undefined, Math.min(Number(reply.headers.get('Retry-After')), 3600) || undefined];
    } catch (e) {
      throw gone.aborted || signal?.aborted ? new DOMException('cancelled', 'AbortError') : new Later();
    }
  }
}

// ---- the loop of the kit -----------------------------------------------------------------------------------------------

/** Time that the kit moves. */
class Clock {
  #now = 0;
  #waiting = [];

  now() {
    return this.#now;
  }

  sleep(seconds) {
    return new Promise((wake) => this.#waiting.push({ due: this.#now + seconds, wake }));
  }

  pass(seconds) {
    this.#now += seconds;
    const due = this.#waiting.filter((w) => w.due <= this.#now);
    this.#waiting = this.#waiting.filter((w) => w.due > this.#now);
    for (const { wake } of due) wake();
  }
}

const kit = process.env.JUKE_KIT ?? 'http://127.0.0.1:7357';
const kinds = ['public', 'auth', 'onboarding', 'signedIn', 'protected'];
let app, server, store, clock, results, calls;

/** Begins a call and remembers how it ends. */
function run(name, call) {
  const screen = (calls[name] = new AbortController());
  const into = results;
  call(screen.signal).then(
    (status) => (into[name] = status),
    (e) => (into[name] = e instanceof Later ? (e.status ?? 'failed') : 'cancelled'),
  );
}

const commands = {
  reset(command) {
    app?.close();
    [server, store, clock, results, calls] = [command.server, command.store ? { refreshToken: command.store } : {}, new Clock(), {}, {}];
    app = new Session(server, store, clock);
    return { offers: ['clock'] };
  },
  start: () => void app.start(),
  restart() {
    app.close();
    app = new Session(server, store, clock);
  },
  get: ({ as, path }) => run(as, (signal) => app.call('GET', path, undefined, signal)),
  post: ({ as, path, body }) => run(as, (signal) => app.call('POST', path, body, signal)),
  complete: ({ as, username }) => run(as, (signal) => app.call('POST', '/auth/onboarding/complete', { username }, signal)),
  'sign-in': ({ as }) => run(as, () => app.signIn('ada@example.com', 'a long and quiet evening')),
  'sign-out': () => void app.signOut(),
  cancel: ({ as }) => calls[as].abort(),
  pass: ({ seconds }) => clock.pass(seconds),
  report() {
    const { status, user } = app;
    const routes = Object.fromEntries(kinds.map((kind) => [kind, route(status, user?.onboardingRequired ?? false, kind)]));
    return { windows: { a: { status, onboardingRequired: user?.onboardingRequired ?? null, routes } }, store, results };
  },
};

for (let command; command?.do !== 'end'; ) {
  const reply = await fetch(`${kit}/kit/next`);
  if (reply.status === 204) continue;
  command = await reply.json();
  const answer = (await commands[command.do]?.(command)) ?? {};
  await fetch(`${kit}/kit/done`, { method: 'POST', body: JSON.stringify({ ...answer, id: command.id }) });
}
process.exit(0);
