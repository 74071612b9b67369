import { maxItems } from './limits.ts';
import type { Change } from './operation.ts';
import type { FoundPlaylist, SourceItem, SourcePlaylist } from './playlist-writer.ts';

/** How many items one operation of a source names, so that its transaction stays short. */
export const maxItemsOfStep = 1_000;

/** A change whose new items have no places yet: they go to the end. */
export type Step =
  | Exclude<Change, { type: 'CREATE' | 'ADD_ITEMS' | 'REPLACE_ITEMS' | 'MOVE_ITEMS' }>
  | (Omit<Extract<Change, { type: 'CREATE' }>, 'items'> & { readonly items: readonly SourceItem[] })
  | { readonly type: 'ADD_ITEMS'; readonly items: readonly SourceItem[] };

export interface Plan {
  /** What there is to do, in order; none when the playlist is as its source says. */
  readonly steps: readonly Step[];
  readonly leftOut: number;
  /** Why nothing is done; null when nothing is in the way. */
  readonly reason: string | null;
}

/**
 * What makes a playlist as its source says. Name and description are the source's. Items go by their ids: those that the
 * source has no more are removed, new ones go to the end; those of people are not looked at, and what was removed here,
 * by whomever, is not added again.
 * @param found what is here; null when it is not known
 */
export function planSteps(wanted: SourcePlaylist, found: FoundPlaylist | null): Plan {
  const refuse = (reason: string): Plan => ({ steps: [], leftOut: 0, reason });
  if (wanted.items.length > maxItems)
    return refuse(`it has ${wanted.items.length} tracks; a playlist holds at most ${maxItems}`);
  if (found?.isDeleted) return refuse('it was deleted here, and stays deleted');
  if (found?.ownerId && found.ownerId !== wanted.ownerId)
    return refuse('it is here already, and somebody else’s');

  const known = new Map(found?.items.map(({ id, isThere }) => [id, isThere]));
  const wantedIds = new Set(wanted.items.map(({ id }) => id));
  const gone = [...known].filter(([id, isThere]) => isThere && !wantedIds.has(id)).map(([id]) => id);
  const [first = [], ...rest] = chunksOf(wanted.items.filter(({ id }) => !known.has(id)));
  const steps: Step[] = [];
  if (!found?.ownerId) {
    const { ownerId, name, description, createdAt } = wanted;
    steps.push({ type: 'CREATE', ownerId, name, description, createdAt, privacy: 'PUBLIC', items: first });
  } else {
    if (found.name !== wanted.name) steps.push({ type: 'RENAME', name: wanted.name });
    if (found.description !== wanted.description)
      steps.push({ type: 'DESCRIBE', description: wanted.description });
    for (const itemIds of chunksOf(gone)) steps.push({ type: 'REMOVE_ITEMS', itemIds });
    if (first.length > 0) steps.push({ type: 'ADD_ITEMS', items: first });
  }
  for (const items of rest) steps.push({ type: 'ADD_ITEMS', items });
  for (const userId of wanted.collaboratorIds ?? [])
    if (!found?.collaboratorIds.includes(userId)) steps.push({ type: 'ADD_COLLABORATOR', userId });
  return { steps, leftOut: wanted.items.filter(({ id }) => known.get(id) === false).length, reason: null };
}

function chunksOf<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / maxItemsOfStep);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * maxItemsOfStep, (index + 1) * maxItemsOfStep),
  );
}
