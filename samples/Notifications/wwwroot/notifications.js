// Shows the notifications of one user, and sends some by POST /api/notify as any other program would.

import { ConnectionView } from './shared/connection-view.js';
import { JsonConnection, webSocketAddress } from './shared/connection.js';
import { byId, countOf, make, showText } from './shared/dom.js';

const ShownNotifications = 100;

const userField = byId('user');
const view = new ConnectionView({ onRetry: () => connection.retryNow(), focusInstead: byId('title') });
let connection = null;

byId('user-form').addEventListener('submit', event => {
  event.preventDefault();
  subscribe(userField.value.trim());
});
byId('notify-form').addEventListener('input', showCommand);
byId('notify-form').addEventListener('submit', event => {
  event.preventDefault();
  notify();
});
showCommand();
subscribe(new URLSearchParams(location.search).get('user') ?? '');

function subscribe(user) {
  connection?.stop();
  delete byId('list').dataset.subscribed;
  userField.value = user;
  byId('user-hint').textContent = user ? `You get what is for everybody and what is for ${user}.` : 'You get what is for everybody.';
  const address = new URL(location.href);
  address.search = user ? new URLSearchParams({ user }) : '';
  history.replaceState(null, '', address);
  connection = new JsonConnection(webSocketAddress('/ws/notifications', user ? { user_id: user } : {}), {
    onState: change => view.render(change),
    onMessage: received,
  });
  connection.start();
}

function received({ name, data }) {
  if (name === 'subscribed') {
    byId('list').dataset.subscribed = data.user_id;
  }
  if (name !== 'notification') {
    return;
  }
  const sent = new Date(data.timestamp);
  byId('list').prepend(make('li', { className: 'row notification', 'data-testid': 'notification' },
    make('strong', { className: 'content', 'data-testid': 'notification-title', dir: 'auto' }, data.title),
    make('time', { className: 'aside', dateTime: data.timestamp, title: sent.toLocaleString() }, sent.toLocaleTimeString()),
    make('p', { className: 'content body', 'data-testid': 'notification-body', dir: 'auto' }, data.body)));
  byId('list').children[ShownNotifications]?.remove();
  byId('empty').hidden = true;
}

async function notify() {
  showText(byId('problem'), '');
  byId('outcome').textContent = '';
  try {
    const answer = await fetch('/api/notify', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(order()),
    });
    const result = await answer.json();
    if (answer.ok) {
      byId('outcome').textContent = `Sent to ${countOf(result.queued, 'connection', 'connections')} of ${result.targeted}.`;
    } else {
      showText(byId('problem'), result.detail ?? `The server answered ${answer.status}.`);
    }
  } catch {
    showText(byId('problem'), 'The server did not answer.');
  }
}

/** The body of the request. */
function order() {
  const to = byId('to').value.trim();
  return { ...(to && { user_id: to }), title: byId('title').value, body: byId('body').value };
}

function showCommand() {
  const body = JSON.stringify(order()).replaceAll("'", "'\\''");
  byId('curl').textContent = `curl -X POST ${location.origin}/api/notify \\\n  -H 'Content-Type: application/json' \\\n  -d '${body}'`;
}
