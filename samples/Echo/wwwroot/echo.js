// Sends text and bytes, and shows what comes back and after how long. The server echoes in order, so an echo belongs to the oldest
// message that has none.

import { ConnectionView } from './shared/connection-view.js';
import { Connection, webSocketAddress } from './shared/connection.js';
import { byId, countOf, make, showText } from './shared/dom.js';

// The server's limit for one message.
const MaxBytes = 32 * 1024;
const ShownEchoes = 100;
const ShownBytes = 24;

const text = byId('text');
const waiting = [];

const view = new ConnectionView({ onRetry: () => connection.retryNow(), focusInstead: text });
const connection = new Connection(webSocketAddress('/ws'), { onState: connectionChanged, onData: received });

byId('form').addEventListener('submit', event => {
  event.preventDefault();
  send(text.value);
});
byId('send-bytes').addEventListener('click', () => send(new TextEncoder().encode(text.value)));
byId('send-random').addEventListener('click', () => send(crypto.getRandomValues(new Uint8Array(1_024))));
text.addEventListener('input', showSize);
text.addEventListener('keydown', event => {
  // Enter sends, as long as it does not confirm a word of an input method.
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId('form').requestSubmit();
  }
});
text.value = 'Hello, waffle! 🧇';
showSize();
connection.start();

function connectionChanged(change) {
  view.render(change);
  if (change.state !== 'online') {
    waiting.splice(0).forEach(({ row }) => finish(row, 'lost', 'lost'));
  }
}

function send(data) {
  const size = sizeOf(data);
  const isSent = size <= MaxBytes && connection.send(data);
  showText(byId('problem'), isSent ? '' : size > MaxBytes ? 'The server takes at most 32,768 bytes at once.' : 'There is no connection.');
  if (isSent) {
    const row = addRow(data, size);
    waiting.push({ data, row, sentAt: performance.now() });
  }
}

function received(data) {
  const took = performance.now() - (waiting[0]?.sentAt ?? 0);
  const { data: sent, row } = waiting.shift() ?? {};
  if (row) {
    const isSame = typeof data === 'string' ? data === sent : areSame(new Uint8Array(data), sent);
    finish(row, isSame ? 'same' : 'different', isSame ? `${took.toFixed(1)} ms` : 'came back different');
  }
}

function addRow(data, size) {
  const isText = typeof data === 'string';
  const row = make('li', { className: 'row', 'data-testid': 'echo', 'data-outcome': 'waiting' },
    make('span', { className: 'tag', 'data-testid': 'kind' }, isText ? 'text' : 'binary'),
    make('span', { className: 'aside' }, countOf(size, 'byte', 'bytes')),
    make('span', { className: 'aside time', 'data-testid': 'time' }, '…'),
    make('p', { className: isText ? 'content body' : 'content body code', 'data-testid': 'content', dir: 'auto' }, isText ? data : hex(data)));
  byId('echoes').prepend(row);
  byId('echoes').children[ShownEchoes]?.remove();
  byId('empty').hidden = true;
  return row;
}

function finish(row, outcome, note) {
  row.dataset.outcome = outcome;
  row.querySelector('.time').textContent = note;
}

function showSize() {
  byId('size').textContent = countOf(sizeOf(text.value), 'byte', 'bytes');
}

function sizeOf(data) {
  return typeof data === 'string' ? new TextEncoder().encode(data).length : data.length;
}

function areSame(one, other) {
  return other instanceof Uint8Array && one.length === other.length && one.every((byte, i) => byte === other[i]);
}

function hex(bytes) {
  const shown = [...bytes.subarray(0, ShownBytes)].map(byte => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > ShownBytes ? `${shown} …` : shown;
}
