import type { ArchivePart } from '../domain/waiting-plays.ts';

/** Where plays are in the archive; a folder for each day of UTC, as Hive names partitions. */
export const playsFolder = 'plays/';

/** `plays/date=2026-11-23/` */
export const folderOf = (day: string): string => `${playsFolder}date=${day}/`;

/** `plays/date=2026-11-23/part-….parquet` */
export const fileOf = ({ id, day }: Pick<ArchivePart, 'id' | 'day'>): string =>
  `${folderOf(day)}part-${id}.parquet`;
