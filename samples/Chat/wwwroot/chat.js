// Puts the pieces together: a connection feeds the state, the views draw it, and what a person does goes back to both.

import { ComposerView } from './modules/composer-view.js';
import { Drawer } from './modules/drawer.js';
import { HeaderView } from './modules/header-view.js';
import { rememberedName, rememberedRooms, rememberName, rememberRooms, suggestedName } from './modules/memory.js';
import { MessagesView } from './modules/messages-view.js';
import { askName } from './modules/name-dialog.js';
import { nameProblem } from './modules/names.js';
import { SidebarView } from './modules/sidebar-view.js';
import { ChatState } from './modules/state.js';
import { JsonConnection, webSocketAddress } from './shared/connection.js';

// The server puts every new connection into this room.
const FirstRoom = 'general';

// How often the list of all rooms, and of the people on all servers, is asked for while somebody looks at it.
const ListInterval = 5_000;

let state = null;
let connection = null;
let lastId = 0;
let frame = 0;

const drawer = new Drawer();
const header = new HeaderView({ onLeave: leaveRoom, onRetry: () => connection.retryNow() });
const sidebar = new SidebarView({ onOpenRoom: openRoom, onChangeName: changeName });
const messages = new MessagesView({ onRead: markRead });
const composer = new ComposerView({ onSend: sendText });

document.addEventListener('visibilitychange', () => messages.isAtEnd && markRead());
setInterval(() => {
  listRooms();
  listPeople();
}, ListInterval);
fitVisibleHeight();
start(await firstName());

function start(name) {
  connection?.stop();
  rememberName(name);
  state = new ChatState(name);
  const { names, current } = rememberedRooms();
  names.forEach(room => state.addRoom(room));
  state.current = state.rooms.has(current) ? current : state.current;
  connection = new JsonConnection(webSocketAddress('/ws', { user: name }), { onState: connectionChanged, onMessage: received });
  document.getElementById('app').hidden = false;
  connection.start();
  drawer.close();
  composer.focus();
}

function connectionChanged(change) {
  state.setConnection(change);
  if (change.state === 'online') {
    for (const room of state.rooms.values()) {
      if (room.name !== FirstRoom) {
        join(room);
      }
    }
    if (!state.rooms.has(FirstRoom)) {
      request('leave_room', { room: FirstRoom });
    }
    listRooms();
  }
  changed();
}

function received(message) {
  const news = state.receive(message);
  for (const { room, message: entry } of news) {
    if (room === state.currentRoom && messages.isAtEnd) {
      room.unread = 0;
      if (entry.user !== state.me) {
        messages.announce(entry);
      }
    }
  }
  if (message.name === 'gap') {
    listPeople();
  }
  if (state.joinError) {
    sidebar.showJoinError(state.joinError);
    state.joinError = '';
  }
  changed();
}

/** Shows a room, and joins it first if need be. Returns why that is impossible, or nothing. */
function openRoom(name) {
  if (!state.rooms.has(name)) {
    if (!state.isOnline) {
      return 'You are offline. Try again when you are back.';
    }
    join(state.addRoom(name));
  }
  state.showRoom(name);
  drawer.close();
  composer.focus();
  changed();
  return null;
}

function leaveRoom() {
  request('leave_room', { room: state.current });
  state.removeRoom(state.current);
  composer.focus();
  changed();
}

function sendText(text) {
  const room = state.currentRoom;
  const id = request('chat', { room: room.name, text });
  if (id) {
    room.unconfirmed.push({ id, text, isAdrift: false });
    room.draft = '';
    room.error = '';
    messages.scrollToEnd();
    markRead();
    changed();
  }
}

async function changeName() {
  const name = await askName({ suggestion: state.me, canCancel: true });
  if (name && name !== state.me) {
    start(name);
  }
}

async function firstName() {
  const remembered = rememberedName();
  const suggestion = suggestedName();
  if (remembered && !nameProblem(remembered) && (!suggestion.fromAddress || suggestion.name === remembered)) {
    return remembered;
  }
  return askName({ suggestion: suggestion.name, canCancel: false });
}

function join(room) {
  room.joinId = request('join_room', { room: room.name });
}

function listRooms() {
  if (state?.isOnline && !document.hidden) {
    connection.send({ type: 'list_rooms' });
  }
}

/** With several servers, whose coming and going may be missed, asks who is here. */
function listPeople() {
  if (state?.server && state.isOnline && state.currentRoom?.isReady && !document.hidden) {
    request('list_people', { room: state.current });
  }
}

/** Sends a request; returns the id that an error reply would repeat, or null when there is no connection. */
function request(type, payload) {
  const id = `${type.split('_')[0]}-${++lastId}`;
  return connection.send({ type, payload, id }) ? id : null;
}

function markRead() {
  const room = state?.currentRoom;
  if (room && room.unread > 0) {
    room.unread = 0;
    changed();
  }
}

/** Draws once per frame, however many messages came. A hidden tab draws when it is seen again; only its title changes at once. */
function changed() {
  rememberRooms([...state.rooms.keys()], state.current);
  const where = state.current ? `#${state.current} · Waffle Chat` : 'Waffle Chat';
  document.title = state.unread > 0 ? `(${state.unread}) ${where}` : where;
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    header.render(state);
    sidebar.render(state);
    composer.render(state);
    messages.render(state);
  });
}

/** Some phones lay the keyboard over the page instead of shrinking it: then the part that can be seen gives the height. */
function fitVisibleHeight() {
  const visible = window.visualViewport;
  visible?.addEventListener('resize', () => {
    const isZoomed = Math.abs(visible.scale - 1) > 0.01;
    document.documentElement.style.setProperty('--visible-height', isZoomed ? '100dvh' : `${visible.height}px`);
  });
}
