// One room as this page knows it. `entries` is what the timeline shows, in order: messages, notices (somebody came or went), gaps
// (the server has forgotten what was between), and losses (what other servers' people wrote may be missing).

const MostEntries = 1_000;
const SnapshotSize = 50;
let lastKey = 0;

export class Room {
  people = new Set();
  entries = [];
  unread = 0;
  draft = '';
  error = '';
  /** The server that has described the room last; null before. */
  server = null;
  /** Whether there may be other servers that did not say who is here. */
  isUncertain = false;
  /** False until the server has answered the join on the present connection. */
  isReady = false;
  joinId = null;
  /** Sent, but not yet come back from the server: [{ id, text, isAdrift }]; adrift since its connection was lost. */
  unconfirmed = [];
  /** How many entries come from earlier connections: nothing new belongs before them. */
  #settled = 0;
  /** Who was here when the connection was lost: their coming back is no news. */
  #returning = new Set();
  /** Whose coming or going a list of people has shown before the server told of it: { user -> 'joined' or 'left' }. */
  #untold = new Map();
  #wasEverReady = false;

  constructor(name) {
    this.name = name;
  }

  connectionLost() {
    this.isReady = false;
    this.joinId = null;
    this.#settled = this.entries.length;
    this.#returning = new Set(this.people);
    this.unconfirmed.forEach(sent => { sent.isAdrift = true; });
  }

  /** Takes the server's description of the room, which may lack what others wrote; returns the messages that were missed while away. */
  takeSnapshot(users, payloads, isPartial) {
    const settled = this.entries.slice(0, this.#settled);
    const fresh = this.entries.slice(this.#settled);
    const placed = new Set(settled.map(entry => entry.key));
    const merged = [];
    const added = [];
    // The server's order rules. Messages of this connection that overtook the snapshot keep their place in it, or follow it.
    for (const message of payloads.map(toEntry).filter(message => !placed.has(message.key))) {
      const index = fresh.findIndex(entry => entry.key === message.key);
      if (index >= 0) {
        merged.push(...fresh.splice(0, index + 1));
      } else if (!merged.some(entry => entry.key === message.key)) {
        merged.push(message);
        added.push(message);
      }
    }
    const sharesNone = !payloads.some(payload => placed.has(toEntry(payload).key));
    const gap = settled.length > 0 && sharesNone && payloads.length >= SnapshotSize ? [{ kind: 'gap', key: `gap-${++lastKey}` }] : [];
    const isLossNews = isPartial && !this.isReady && gap.length === 0 && settled.at(-1)?.what !== 'missing';
    const loss = isLossNews ? [newLoss(this.#wasEverReady ? 'missing' : 'before')] : [];
    this.entries = [...settled, ...gap, ...loss, ...merged, ...fresh];
    this.#trim();

    const isFirst = !this.#wasEverReady;
    this.people = new Set(users);
    this.#untold.clear();
    users.forEach(user => this.#returning.delete(user));
    this.isReady = this.#wasEverReady = true;
    this.joinId = null;
    return isFirst ? [] : added;
  }

  /** Takes who is here now, on all servers that have answered. */
  takePeople(users, isUncertain) {
    if (!this.isReady) {
      return;
    }
    const before = this.people;
    this.people = new Set(users);
    this.isUncertain = isUncertain;
    this.people.forEach(user => before.has(user) || this.#untold.set(user, 'joined'));
    before.forEach(user => this.people.has(user) || this.#untold.set(user, 'left'));
  }

  /** Tells that messages may be missing here; once, until something else has been told. */
  addLoss(what) {
    const last = this.entries.findLast(entry => entry.kind === 'loss');
    if (last?.what !== what || (what === 'missing' && this.entries.at(-1) !== last)) {
      this.entries.push(newLoss(what));
      this.#trim();
    }
  }

  /** Adds a message; null when it is already here. */
  addMessage(payload) {
    const message = toEntry(payload);
    if (this.entries.some(entry => entry.key === message.key)) {
      return null;
    }
    this.entries.push(message);
    this.#trim();
    return message;
  }

  personJoined(user) {
    const wasListed = this.#takeUntold(user, 'joined');
    const isNews = (wasListed || !this.people.has(user)) && !this.#returning.delete(user);
    this.people.add(user);
    if (isNews) {
      this.#addNotice(user, 'joined');
    }
  }

  personLeft(user) {
    this.#returning.delete(user);
    const wasListed = this.#takeUntold(user, 'left');
    if (this.people.delete(user) || wasListed) {
      this.#addNotice(user, 'left');
    }
  }

  /** The server sent one of our own messages back, so it has arrived. */
  confirm(text) {
    const index = this.unconfirmed.findIndex(sent => sent.text === text);
    if (index >= 0) {
      this.unconfirmed.splice(index, 1);
    }
  }

  /** Gives a text that did not arrive back to its author, before whatever has been typed since. */
  returnToDraft(text) {
    this.draft = this.draft ? `${text}\n${this.draft}` : text;
  }

  #takeUntold(user, what) {
    const untold = this.#untold.get(user);
    this.#untold.delete(user);
    return untold === what;
  }

  #addNotice(user, what) {
    this.entries.push({ kind: 'notice', key: `notice-${++lastKey}`, user, what });
    this.#trim();
  }

  #trim() {
    const excess = this.entries.length - MostEntries;
    if (excess > 0) {
      this.entries.splice(0, excess);
      this.#settled = Math.max(0, this.#settled - excess);
    }
  }
}

function newLoss(what) {
  return { kind: 'loss', key: `loss-${++lastKey}`, what };
}

function toEntry({ id, user, text, time }) {
  return { kind: 'message', key: `message-${id}`, id, user, text, time: new Date(time) };
}
