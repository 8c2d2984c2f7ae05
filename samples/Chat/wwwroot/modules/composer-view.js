// The message box. What is typed stays with its room until it is sent; while there is no connection it cannot be sent, but not lost either.

import { byId, showText } from '../shared/dom.js';

const LongestText = 4_000;
const CountFrom = 3_500;
const KeysHint = 'Enter sends, Shift+Enter starts a new line.';

export class ComposerView {
  #input = byId('composer');
  #send = byId('send');
  #error = byId('composer-error');
  #hint = byId('composer-hint');
  #counter = byId('counter');
  #room = null;
  #blocked = '';
  #onSend;

  constructor({ onSend }) {
    this.#onSend = onSend;
    this.#input.addEventListener('input', () => this.#edited());
    this.#input.addEventListener('keydown', event => {
      // An input method uses Enter to choose a word; that Enter must not send.
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit();
      }
    });
    // A narrower box needs more lines for the same text.
    window.addEventListener('resize', () => this.#fitHeight());
    byId('composer-form').addEventListener('submit', event => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** Puts the cursor into the box, except where that would raise a keyboard over the messages. */
  focus() {
    if (matchMedia('(hover: hover)').matches) {
      this.#input.focus();
    }
  }

  render(state) {
    this.#room = state.currentRoom;
    this.#blocked = blockedBecause(state);
    const draft = this.#room?.draft ?? '';
    if (this.#input.value !== draft) {
      this.#input.value = draft;
    }
    this.#input.disabled = !this.#room;
    this.#input.placeholder = this.#room ? `Message #${this.#room.name}` : '';
    showText(this.#error, this.#room?.error ?? '');
    this.#update();
  }

  #edited() {
    if (this.#room) {
      this.#room.draft = this.#input.value;
      this.#room.error = '';
    }
    showText(this.#error, '');
    this.#update();
  }

  #submit() {
    if (this.#send.disabled) {
      return;
    }
    this.#onSend(this.#input.value.trim());
    this.#input.focus();
  }

  #update() {
    const length = this.#input.value.trim().length;
    const excess = length - LongestText;
    this.#send.disabled = this.#blocked !== '' || length === 0 || excess > 0;
    this.#hint.textContent = this.#blocked || KeysHint;
    this.#hint.classList.toggle('is-blocked', this.#blocked !== '');
    const counter = `${length.toLocaleString()} of ${LongestText.toLocaleString()} characters`;
    showText(this.#counter, length < CountFrom ? '' : excess > 0 ? `${excess.toLocaleString()} characters too many` : counter);
    this.#counter.classList.toggle('is-excess', excess > 0);
    this.#fitHeight();
  }

  #fitHeight() {
    this.#input.style.height = 'auto';
    this.#input.style.height = `${this.#input.scrollHeight}px`; // CSS sets the limit.
  }
}

function blockedBecause(state) {
  if (!state.currentRoom) {
    return 'Join a room to write.';
  }
  if (state.connection.state === 'offline') {
    return 'You are offline. What you type stays here until you are back.';
  }
  return state.currentRoom.isReady ? '' : 'Connecting…';
}
