import { fileURLToPath } from 'node:url';
import type { ArchiveStore } from '../domain/archive-store.ts';
import { createFolderArchive } from './folder-archive.ts';
import { createS3Archive } from './s3-archive.ts';

/**
 * The archive that `ARCHIVE_URL` names. Nothing has to be there yet.
 * @param url a folder, its `file:` URL, or `s3://bucket/prefix`
 * @throws RangeError for anything else
 */
export function openArchiveStore(url: string): ArchiveStore {
  if (url.startsWith('file:')) return createFolderArchive(fileURLToPath(url));
  const s3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(url);
  if (s3) {
    const prefix = (s3[2] ?? '').replace(/^\/+|\/+$/g, '');
    return createS3Archive({ bucket: s3[1] as string, prefix: prefix && `${prefix}/` });
  }
  if (url === '' || /^[a-z][a-z0-9+.-]+:/i.test(url))
    throw new RangeError(`ARCHIVE_URL must be a folder, file:///… or s3://bucket/prefix, got ${url}`);
  return createFolderArchive(url);
}
