// How the connection is: a lamp with a word, and a banner that says why there is none and when it is tried again.

import { byId, showText } from './dom.js';

const Labels = { connecting: 'Connecting…', online: 'Online', offline: 'Offline' };

export class ConnectionView {
  #connection = byId('connection');
  #banner = byId('banner');
  #countdown = byId('banner-countdown');
  #ticker = 0;
  #focusInstead;

  /** `focusInstead`: the element that gets the focus when the banner vanishes with it. */
  constructor({ onRetry, focusInstead }) {
    this.#focusInstead = focusInstead;
    byId('retry-now').addEventListener('click', onRetry);
  }

  render({ state, attempt, note, retryAt }) {
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
      this.#focusInstead.focus();
    }
    this.#banner.hidden = !isShown;
  }
}
