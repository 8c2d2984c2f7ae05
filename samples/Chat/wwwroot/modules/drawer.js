// On a narrow screen the sidebar is a drawer over the chat; on a wide one CSS shows it always and nothing here applies.

import { byId } from '../shared/dom.js';

const narrow = matchMedia('(max-width: 759px)');

export class Drawer {
  #app = byId('app');
  #main = byId('main');
  #opener = byId('drawer-open');

  constructor() {
    this.#opener.addEventListener('click', () => this.open());
    byId('drawer-close').addEventListener('click', () => this.close());
    byId('backdrop').addEventListener('click', () => this.close());
    document.addEventListener('keydown', event => event.key === 'Escape' && this.close());
    narrow.addEventListener('change', () => this.close());
  }

  open() {
    this.#show(true);
    byId('drawer-close').focus();
  }

  close() {
    if (this.#app.classList.contains('drawer-is-open')) {
      this.#show(false);
      this.#opener.focus();
    }
  }

  #show(isOpen) {
    this.#app.classList.toggle('drawer-is-open', isOpen);
    this.#main.inert = isOpen;
    this.#opener.setAttribute('aria-expanded', isOpen);
  }
}
