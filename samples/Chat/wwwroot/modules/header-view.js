// The head of the chat: which room, and how the connection is.

import { ConnectionView } from '../shared/connection-view.js';
import { byId, countOf } from '../shared/dom.js';

export class HeaderView {
  #connection;

  constructor({ onLeave, onRetry }) {
    byId('leave-room').addEventListener('click', onLeave);
    this.#connection = new ConnectionView({ onRetry, focusInstead: byId('composer') });
  }

  render(state) {
    const room = state.currentRoom;
    byId('room-title').textContent = room?.name ?? 'No room';
    byId('room-hash').hidden = !room;
    byId('room-subtitle').textContent = room?.isReady ? describePeople(room) : '';
    byId('leave-room').hidden = !room;
    byId('drawer-unread').hidden = state.unread - (room?.unread ?? 0) === 0;
    byId('connection').title = state.server && state.isOnline ? `Connected to ${state.server}` : '';
    this.#connection.render(state.connection);
  }
}

function describePeople({ people, isUncertain }) {
  const here = countOf(people.size, 'person here', 'people here');
  return isUncertain ? `${here}, as far as is known` : here;
}
