import type { Indexing } from '@medley/search';
import type { Command } from './protocol.ts';

/** Builds the index of search anew, while the old one answers. The result says how many documents it has. */
export const searchRebuild: Command<{ indexing: Pick<Indexing, 'rebuild'> }> = async (
  { indexing },
  _args,
  { screen, signal },
) => {
  const { documents } = await indexing.rebuild({
    signal,
    reason: 'npm run search:rebuild',
    onProgress: (progress) =>
      screen.progress(`${progress.step}  ${progress.documents.toLocaleString('en')} documents`),
  });
  screen.line(`The new index has ${documents.toLocaleString('en')} documents and answers.`);
  return { documents };
};
