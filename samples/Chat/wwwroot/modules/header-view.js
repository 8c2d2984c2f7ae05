// The head of the chat: which room, how the connection is, and when it is tried again.

import { byId, countOf, showText } from './dom.js';

const Labels = { connecting: 'Connecting…', online: 'Online', offline: 'Offline' };

export class HeaderView {
  #connection = byId('connection');
  #banner = byId('banner');
  #countdown = byId('banner-countdown');
  #ticker = 0;

  constructor({ onLeave, onRetry }) {
    byId('leave-room').addEventListener('click', onLeave);
    byId('retry-now').addEventListener('click', onRetry);
  }

  render(state) {
    const room = state.currentRoom;
    byId('room-title').textContent = room?.name ?? 'No room';
    byId('room-hash').hidden = !room;
    byId('room-subtitle').textContent = room?.isReady ? countOf(room.people.size, 'person here', 'people here') : '';
    byId('leave-room').hidden = !room;
    byId('drawer-unread').hidden = state.unread - (room?.unread ?? 0) === 0;
    this.#renderConnection(state.connection);
  }

  #renderConnection({ state, attempt, note, retryAt }) {
    if (this.#connection.dataset.state !== state) {
      this.#connection.dataset.state = state;
      byId('connection-label').textContent = Labels[state];
    }
    clearInterval(this.#ticker);
    if (state === 'offline') {
      showText(byId('banner-note'), note);
      const tick = () => {
        const seconds = Math.ceil((retryAt - Date.now()) / 1000);
        this.#countdown.textContent = seconds > 0 ? `Next try in ${seconds} s.` : 'Trying again…';
      };
      tick();
      this.#ticker = setInterval(tick, 250);
    } else {
      this.#countdown.textContent = 'Trying again…';
    }
    // The banner stays during an attempt, so that it does not flicker between two failures.
    const isShown = state === 'offline' || (state === 'connecting' && attempt > 0);
    if (!isShown && this.#banner.contains(document.activeElement)) {
      byId('composer').focus();
    }
    this.#banner.hidden = !isShown;
  }
}
