// One connection that comes back by itself. The browser's WebSocket neither reconnects nor tells why an opening handshake failed,
// so this class counts attempts, waits between them, and reports one of three states: connecting, online, offline.
// A `JsonConnection` does so with messages that are JSON.

const FirstWait = 1_000;
const LongestWait = 30_000;
const OpenTimeout = 10_000;
const StableAfter = 5_000;

const Notes = {
  1001: 'The server is going away.',
  1011: 'The server had a problem.',
  1012: 'The server is restarting.',
  1013: 'The server is busy.',
};

/** The address of a WebSocket at the page's own server. */
export function webSocketAddress(path, query = {}) {
  const address = new URL(path, location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  address.search = new URLSearchParams(query);
  return address;
}

export class Connection {
  #url;
  #onState;
  #onData;
  #random;
  #socket = null;
  #timer = 0;
  #failures = 0;
  #everOpened = false;
  #openedAt = 0;
  #note = '';
  #listeners = new AbortController();

  /** `onData` gets each message: a string, or an ArrayBuffer. */
  constructor(url, { onState, onData, random = Math.random }) {
    this.#url = url;
    this.#onState = onState;
    this.#onData = onData;
    this.#random = random;
  }

  get isOnline() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  start() {
    const { signal } = this.#listeners;
    // Both are good moments to try again: the network is back, or somebody looks at the page.
    window.addEventListener('online', () => this.retryNow(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.retryNow(), { signal });
    // A page that comes back from the browser's cache has a socket that is dead, whatever it looks like.
    window.addEventListener('pageshow', event => event.persisted && this.#startAnew(), { signal });
    // Without a network a socket may look open for minutes; nothing sent into it would arrive.
    window.addEventListener('offline', () => this.#socket && this.#lost(1006, ''), { signal });
    this.#connect();
  }

  /** Ends the connection for good. */
  stop() {
    this.#listeners.abort();
    clearTimeout(this.#timer);
    this.#abandonSocket();
  }

  /** Sends a string or bytes; false when there is no open connection. */
  send(data) {
    if (!this.isOnline) {
      return false;
    }
    this.#socket.send(data);
    return true;
  }

  retryNow() {
    if (this.#socket === null) {
      this.#connect();
    }
  }

  #startAnew() {
    if (this.#socket !== null) {
      this.#lost(1006, '');
    }
    this.#connect();
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#onState({ state: 'connecting', attempt: this.#failures });
    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lost(1006, ''), OpenTimeout);
    socket.addEventListener('open', () => this.#opened(socket));
    socket.addEventListener('message', event => socket === this.#socket && this.#onData(event.data));
    socket.addEventListener('close', event => socket === this.#socket && this.#lost(event.code, event.reason));
  }

  #opened(socket) {
    if (socket !== this.#socket) {
      return;
    }
    clearTimeout(this.#timer);
    this.#everOpened = true;
    this.#openedAt = performance.now();
    this.#onState({ state: 'online' });
  }

  #lost(code, reason) {
    clearTimeout(this.#timer);
    this.#abandonSocket();
    // Why the connection was lost says more than that the attempts since then have failed too.
    if (this.#openedAt > 0 || !this.#everOpened) {
      this.#note = this.#noteFor(code, reason);
    }
    // A server that accepts and closes at once must not be called in a tight loop: only a connection that lasted starts anew.
    if (this.#openedAt > 0 && performance.now() - this.#openedAt >= StableAfter) {
      this.#failures = 0;
    }
    this.#openedAt = 0;
    const wait = this.#waitAfter(code, reason);
    this.#failures++;
    this.#timer = setTimeout(() => this.#connect(), wait);
    this.#onState({ state: 'offline', retryAt: Date.now() + wait, note: this.#note });
  }

  #waitAfter(code, reason) {
    const advice = code === 1012 && this.#failures === 0 ? /Come back in (\d+) s/.exec(reason) : null;
    if (advice !== null) {
      return (Number(advice[1]) - this.#random()) * 1_000;
    }
    if (code === 1008) {
      return LongestWait * (1 + this.#random());
    }
    // Full jitter: after a restart the clients come back spread over the whole wait instead of together.
    return this.#random() * Math.min(LongestWait, FirstWait * 2 ** Math.min(this.#failures, 10));
  }

  #noteFor(code, reason) {
    if (code === 1008) {
      return reason ? `The server ended the connection: ${reason}` : 'The server ended the connection.';
    }
    if (!this.#everOpened && this.#failures >= 3) {
      return 'No answer. The server may be down, or it does not accept you.';
    }
    return Notes[code] ?? (this.#everOpened ? 'The connection was lost.' : 'The server cannot be reached.');
  }

  #abandonSocket() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}

export class JsonConnection extends Connection {
  /** `onMessage` gets each message, parsed. */
  constructor(url, { onMessage, ...rest }) {
    super(url, { ...rest, onData: data => parse(data, onMessage) });
  }

  send(message) {
    return super.send(JSON.stringify(message));
  }
}

function parse(data, onMessage) {
  let message;
  try {
    message = JSON.parse(data);
  } catch {
    console.warn('Ignored a message that is not JSON.');
    return;
  }
  onMessage(message);
}
