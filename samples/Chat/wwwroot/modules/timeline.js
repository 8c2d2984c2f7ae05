// From a room's entries to the lines of its timeline: adds a separator for each day, and tells which messages start a group.

const GroupFor = 5 * 60_000;

export function timelineItems(entries) {
  const items = [];
  let day = null;
  let previous = null;
  for (const entry of entries) {
    if (entry.kind !== 'message') {
      items.push(entry);
      previous = null;
      continue;
    }
    const dayOfEntry = entry.time.toDateString();
    if (dayOfEntry !== day) {
      day = dayOfEntry;
      items.push({ kind: 'day', key: `day-before-${entry.key}`, time: entry.time });
      previous = null;
    }
    const startsGroup = previous?.user !== entry.user || entry.time - previous.time > GroupFor;
    items.push({ ...entry, startsGroup });
    previous = entry;
  }
  return items;
}

export function dayLabel(time, now = new Date()) {
  const midnight = date => new Date(date.getFullYear(), date.getMonth(), date.getDate());
  const daysAgo = Math.round((midnight(now) - midnight(time)) / 86_400_000);
  if (daysAgo === 0 || daysAgo === 1) {
    return daysAgo === 0 ? 'Today' : 'Yesterday';
  }
  const year = time.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return time.toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long', year });
}

export const clockTime = time => time.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
export const fullTime = time => time.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'medium' });
