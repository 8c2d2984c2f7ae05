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
    byId('room-subtitle').textContent = room?.isReady ? countOf(room.people.size, 'person here', 'people here') : '';
    byId('leave-room').hidden = !room;
    byId('drawer-unread').hidden = state.unread - (room?.unread ?? 0) === 0;
    this.#connection.render(state.connection);
  }
}
