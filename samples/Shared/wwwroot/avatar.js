// People are told apart by a colour and a letter.

/** The hue of a person's colour: the same on every page, as it comes from the name alone. */
export function hueOf(name) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  }
  // FNV-1a leaves short names close together; this mixes their bits. CSS adds lightness and chroma, which give the contrast.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return ((hash ^ (hash >>> 16)) >>> 0) % 360;
}

/** Fills an avatar: the first visible character of the name, on the person's colour. */
export function paintAvatar(element, name) {
  const [first] = new Intl.Segmenter().segment(name);
  element.textContent = (first?.segment ?? '').toLocaleUpperCase();
  element.style.setProperty('--hue', hueOf(name));
}
