// A player is in the lobby or in a game; the newest "lobby" or "game" event says which, and who else is there.

import { paintAvatar } from './shared/avatar.js';
import { ConnectionView } from './shared/connection-view.js';
import { JsonConnection, webSocketAddress } from './shared/connection.js';
import { byId, countOf, make, showText, syncChildren } from './shared/dom.js';

const ShownLines = 200;

const view = new ConnectionView({ onRetry: () => connection?.retryNow(), focusInstead: byId('text') });
let connection = null;
let me = '';
// The id of the game that one is in, or null: that is the lobby.
let game = null;
// Where to return to when the connection was lost meanwhile.
let wanted = null;

onSubmit('player-form', () => enter(byId('player').value.trim()));
onSubmit('game-form', () => join(byId('game-name').value.trim()));
onSubmit('chat-form', () => {
  if (send('chat', { text: byId('text').value })) {
    byId('text').value = '';
  }
});
byId('leave').addEventListener('click', () => {
  wanted = null;
  send('leave_game');
});
byId('roll').addEventListener('click', () => send('game_action', { action: 'roll', value: 1 + Math.floor(Math.random() * 6) }));
byId('wave').addEventListener('click', () => send('game_action', { action: 'wave' }));

const suggested = new URLSearchParams(location.search).get('player_id');
byId('player').value = suggested ?? '';
if (suggested) {
  enter(suggested);
} else {
  byId('player').focus();
}

function enter(name) {
  showText(byId('problem'), name ? '' : 'Please type a name.');
  if (!name) {
    return;
  }
  me = name;
  connection?.stop();
  connection = new JsonConnection(webSocketAddress('/ws/game', { player_id: name }), { onState: connectionChanged, onMessage: received });
  connection.start();
}

function connectionChanged(change) {
  view.render(change);
  if (change.state === 'online' && wanted) {
    join(wanted);
  }
}

function join(id) {
  wanted = id;
  send('join_game', { game_id: id });
}

function received(message) {
  if (message.name === 'lobby') {
    showLobby(message.data);
  } else if (message.name === 'game') {
    showGame(message.data);
  } else if (message.type === 'player_joined') {
    addLine(message.player, 'joined the game', 'news');
  } else if (message.type === 'player_left') {
    addLine(message.player, 'left the game', 'news');
  } else if (message.type === 'game_action') {
    addLine(message.player, describe(message.payload));
  } else if (message.type === 'error') {
    wanted = game;
    showText(byId('problem'), message.payload.message);
  } else if (!message.type && typeof message.text === 'string') {
    addLine(message.player, `“${message.text}”`);
  }
}

function describe(payload) {
  switch (payload?.action) {
    case 'roll':
      return `rolled ${Number(payload.value)}`;
    case 'wave':
      return 'waved 👋';
    default:
      return 'did something that this page does not know';
  }
}

function showLobby({ players, games, players_per_game: places }) {
  goTo(null);
  showPlayers(players);
  byId('no-games').hidden = games.length > 0;
  syncChildren(byId('games'), games.map(item => ({ key: item.game_id, ...item })), createGame, (row, item) => {
    row.querySelector('.aside').textContent = `${countOf(item.players.length, 'player', 'players')} of ${places}`;
    row.querySelector('button').disabled = item.players.length >= places;
  });
}

function createGame({ game_id: id }) {
  const button = make('button', { className: 'button', type: 'button', 'data-testid': 'join-game', 'aria-label': `Join ${id}` }, 'Join');
  button.addEventListener('click', () => join(id));
  return make('li', { className: 'row game', 'data-testid': 'game-item' },
    make('bdi', { className: 'content', 'data-testid': 'game-name-shown' }, id), make('span', { className: 'aside' }), button);
}

function showGame({ game_id: id, players }) {
  goTo(id);
  showPlayers(players);
  byId('game-id').textContent = id;
}

/** Shows the lobby, or a game; does nothing when it is shown already. */
function goTo(id) {
  if (game === id && !byId('here').hidden) {
    return;
  }
  game = id;
  const hadFocus = ['player-form', 'lobby', 'game'].some(part => byId(part).contains(document.activeElement));
  byId('player-form').hidden = true;
  byId('lobby').hidden = id !== null;
  byId('game').hidden = id === null;
  byId('here').hidden = false;
  byId('feed').replaceChildren();
  byId('game-name').value = '';
  showText(byId('problem'), '');
  if (hadFocus) {
    byId(id === null ? 'lobby-title' : 'game-title').focus();
  }
}

function showPlayers(names) {
  syncChildren(byId('players'), names.map(name => ({ key: name })), ({ key: name }) => {
    const avatar = make('span', { className: 'avatar', 'aria-hidden': 'true' });
    paintAvatar(avatar, name);
    return make('li', { className: 'player', 'data-me': name === me },
      avatar, make('bdi', { className: 'player-name', 'data-testid': 'player-name' }, name));
  });
}

function addLine(player, what, className = '') {
  const feed = byId('feed');
  const isAtEnd = feed.scrollHeight - feed.scrollTop - feed.clientHeight < 40;
  feed.append(make('li', { className: `line ${className}`, 'data-testid': 'line' },
    make('bdi', {}, player), ' ', make('span', { dir: 'auto' }, what)));
  if (feed.childElementCount > ShownLines) {
    feed.firstElementChild.remove();
  }
  if (isAtEnd) {
    feed.scrollTop = feed.scrollHeight;
  }
}

function send(type, payload) {
  const isSent = connection?.send({ type, payload }) ?? false;
  showText(byId('problem'), isSent ? '' : 'There is no connection.');
  return isSent;
}

function onSubmit(form, action) {
  byId(form).addEventListener('submit', event => {
    event.preventDefault();
    action();
  });
}
